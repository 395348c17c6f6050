using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Emqx.TestKit;

/// <summary>
/// Debian's PostgreSQL as a process of its own, in a folder of its own, for as long as a test needs it. It refuses to run as root: then it is started as
/// the user that its package has made.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    public const string User = "emqx", Password = "s3cr:e't", Database = "postgres";
    private const string Programs = "/usr/lib/postgresql";
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-pg").FullName;
    private readonly StringBuilder _output = new();
    private Process? _process;

    /// <summary>Why there is none here; null where there is.</summary>
    public static string? Missing => Find("postgres") is null || (IsRoot && !File.Exists("/usr/bin/setpriv")) ? "Debian's postgresql is not installed" : null;

    public int Port { get; private set; }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes a database and starts it.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        var password = Path.Combine(server._folder, "password");
        await File.WriteAllTextAsync(password, Password);
        if (IsRoot)
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres:", server._folder]));
        await RunAsync(AsUser(Find("initdb")!, "-D", server.Data, "-U", User, "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"));
        await server.RunAsync();
        return server;
    }

    /// <summary>Starts it again on its port, after <see cref="StopAsync"/>.</summary>
    public async Task RunAsync()
    {
        if (Port == 0)
            Port = FreePort();
        _output.Clear();
        var start = AsUser(Find("postgres")!, "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=30");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, told) => Hear(told.Data, ready);
        _process.Exited += (_, _) => ready.TrySetException(new ExpectationException($"PostgreSQL does not come up: {_output}"));
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience.Long);
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().WaitAsync(Patience.Long);
        process.Dispose();
    }

    /// <summary>Has all its processes stand still, or go on: connections stay, and nobody answers.</summary>
    public async Task FreezeAsync(bool isFrozen)
    {
        var own = _process!.Id;
        var children = await File.ReadAllTextAsync($"/proc/{own}/task/{own}/children");
        await RunAsync(new ProcessStartInfo("kill", [isFrozen ? "-STOP" : "-CONT", $"{own}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // one of its processes was still writing: what is left is below the temporary folder
        }
    }

    private void Hear(string? line, TaskCompletionSource ready)
    {
        lock (_output)
            _output.AppendLine(line);
        if (line?.Contains("ready to accept connections", StringComparison.Ordinal) == true)
            ready.TrySetResult();
    }

    private static ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        ProcessStartInfo start = IsRoot
            ? new("/usr/bin/setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : new(program, arguments);
        (start.RedirectStandardError, start.RedirectStandardOutput, start.WorkingDirectory) = (true, true, "/");
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(start)!;
        var told = Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience.Long);
        if (process.ExitCode != 0)
            throw new ExpectationException($"{start.FileName}: {string.Concat(await told)}");
    }

    private static string? Find(string program) => Directory.Exists(Programs)
        ? Directory.EnumerateDirectories(Programs).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", program)).FirstOrDefault(File.Exists)
        : null;

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
