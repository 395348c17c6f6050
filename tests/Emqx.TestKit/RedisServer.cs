using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Emqx.TestKit;

/// <summary>Debian's redis-server as a process of the test's own, in memory, on a free port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";
    private const int Tries = 5;

    private readonly string[] _options;
    private Process _process;

    private RedisServer(int port, string[] options)
    {
        Port = port;
        _options = options;
        _process = Launch();
    }

    /// <summary>Why tests that need it are skipped where <see cref="IsThere"/> is false.</summary>
    public static string Missing => $"{Program} is missing";

    public static bool IsThere => File.Exists(Program);

    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="options">As on its command line.</param>
    public static async Task<RedisServer> StartAsync(params string[] options)
    {
        for (var i = 0; ; i++)
        {
            var server = new RedisServer(FreePort(), options);
            if (await server.IsUpAsync())
                return server;
            await server.DisposeAsync();
            if (i == Tries)
                throw new ExpectationException("redis-server does not start");
        }
    }

    /// <summary>Sends a command as one line, and gives the first line of the answer.</summary>
    public async Task<string> RunAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream);
        using var patience = new CancellationTokenSource(Patience.Long);
        return await reader.ReadLineAsync(patience.Token) ?? "";
    }

    /// <summary>Ends it, and forgets what it had.</summary>
    public async Task StopAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _process.Dispose();
        _process = Launch();
        if (!await IsUpAsync())
            throw new ExpectationException("redis-server does not start again");
    }

    /// <summary>Sends it a signal: STOP, CONT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Launch() => Process.Start(new ProcessStartInfo(Program,
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning", "--logfile", "/dev/null", .. _options]))!;

    /// <summary>Whether it is this one that answers: a port may have been taken by another in between.</summary>
    private async Task<bool> IsUpAsync()
    {
        var isUp = false;
        await Eventually.TrueAsync(() => isUp || _process.HasExited || (isUp = IsOpen()), "redis-server is up");
        return isUp && !_process.HasExited && (await RunAsync("PING")).Length > 0;
    }

    private bool IsOpen()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
