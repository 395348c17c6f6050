using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Emqx.TestKit.Mqtt;

namespace Emqx.TestKit;

/// <summary>
/// The server as a process of its own, for what only a process shows: exit codes, signals, restarts. Only its TCP listener is
/// on; its ports are free ones; it has one API key.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public const string Key = "testkey", Secret = "test-secret";
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(ProcessStartInfo start, Uri http, IPEndPoint mqtt)
    {
        Http = new HttpClient { BaseAddress = http };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}:{Secret}")));
        Mqtt = mqtt;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
    }

    /// <summary>Carries the API key.</summary>
    public HttpClient Http { get; }
    public IPEndPoint Mqtt { get; }

    /// <summary>Whether a file of that name is in its memory: an assembly that it has loaded.</summary>
    public bool HasLoaded(string file) => File.ReadAllText($"/proc/{_process.Id}/maps").Contains($"/{file}", StringComparison.Ordinal);

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it and waits until <c>/status</c> answers.</summary>
    /// <param name="folder">The data folder; kept.</param>
    public static async Task<ServerProcess> StartAsync(string folder, params (string Name, string Value)[] environment)
    {
        var server = Launch(folder, environment);
        var watch = Stopwatch.StartNew();
        while (!await server.AnswersAsync())
        {
            if (server._process.HasExited || watch.Elapsed > Patience.Long)
                throw new ExpectationException($"the server does not come up: {server.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return server;
    }

    /// <summary>Starts it without waiting.</summary>
    public static ServerProcess Launch(string folder, params (string Name, string Value)[] environment)
    {
        var (http, mqtt) = (FreePort(), FreePort());
        var keys = Path.Combine(folder, "keys.txt");
        File.WriteAllText(keys, $"{Key}:{Secret}\n");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Emqx.Mgmt.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        // What tests in process have set for themselves is not meant for it.
        foreach (var inherited in start.Environment.Keys.Where(static key => key.StartsWith("EMQX_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in new[]
        {
            ("EMQX_NODE__DATA_DIR", folder), ("EMQX_DASHBOARD__LISTENERS__HTTP__BIND", $"127.0.0.1:{http}"), ("EMQX_API_KEY__BOOTSTRAP_FILE", keys),
            ("EMQX_LISTENERS__TCP__DEFAULT__BIND", $"127.0.0.1:{mqtt}"), ("EMQX_LISTENERS__SSL__DEFAULT__ENABLE", "false"),
            ("EMQX_LISTENERS__WS__DEFAULT__ENABLE", "false"), ("EMQX_LISTENERS__WSS__DEFAULT__ENABLE", "false"),
        }.Concat(environment))
            start.Environment[name] = value;
        var server = new ServerProcess(start, new Uri($"http://127.0.0.1:{http}/"), new IPEndPoint(IPAddress.Loopback, mqtt));
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>A client whose CONNECT was accepted.</summary>
    public async Task<RawMqttClient> ConnectAsync(ConnectOptions options)
    {
        var client = await RawMqttClient.OpenTcpAsync(Mqtt, options.Version);
        var connack = await client.ConnectAsync(options);
        return connack.ReasonCode == 0 ? client : throw new ExpectationException($"CONNACK 0x{connack.ReasonCode:X2}");
    }

    /// <summary>Sends a signal by its name, such as TERM or KILL.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and gives the exit code and the time it took.</summary>
    public async Task<(int Code, TimeSpan Took)> ExitAsync()
    {
        var watch = Stopwatch.StartNew();
        await _process.WaitForExitAsync().WaitAsync(Patience.Long);
        return (_process.ExitCode, watch.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Http.GetAsync(new Uri("status", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
