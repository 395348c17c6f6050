using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Emqx.TestKit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>An HTTP service that says what the test wants it to say, byte by byte, and keeps what it was asked.</summary>
internal sealed class AccessService : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;
    private int _connections;

    /// <param name="answer">The answer to a request; null: none, ever. Empty: the connection is cut.</param>
    /// <param name="port">Where it listens; 0: at a free port.</param>
    public AccessService(Func<string, string?> answer, int port = 0)
    {
        Answer = answer;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What requests are answered from now on.</summary>
    public Func<string, string?> Answer { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>The requests so far, each with headers and body.</summary>
    public string[] Requests => [.. _requests];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What has to be before anything is answered.</summary>
    public Task Opens { get; set; } = Task.CompletedTask;

    /// <summary>A whole answer.</summary>
    public static string Says(int status, string body = "", string? type = "application/json") => string.Create(CultureInfo.InvariantCulture,
        $"HTTP/1.1 {status} X\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}{(status == 204 ? "" : $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n")}\r\n{body}");

    public static AccessService Always(int status, string body = "", string? type = "application/json") => new(_ => Says(status, body, type));

    /// <summary>The body of a request.</summary>
    public static string BodyOf(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    /// <summary>The path and query of a request.</summary>
    public static string TargetOf(string request) => request.Split(' ')[1];

    public Task RequestsAsync(int count) => Eventually.TrueAsync(() => _requests.Count >= count, $"{count} requests");

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _serving;
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        while (!_over.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over, or one peer left before it was taken: the next one counts.
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient peer)
    {
        using var client = peer;
        Interlocked.Increment(ref _connections);
        try
        {
            var stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                _requests.Enqueue(request);
                if (!await AnswerAsync(stream, request))
                    return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The other side has left, or the test is over.
        }
    }

    private async Task<bool> AnswerAsync(NetworkStream stream, string request)
    {
        await Opens.WaitAsync(_over.Token);
        var answer = Answer(request);
        if (answer is null)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _over.Token);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer!), _over.Token);
        return answer!.Length > 0;
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (!IsWhole(Encoding.UTF8.GetString([.. bytes])))
        {
            var read = await stream.ReadAsync(buffer, _over.Token);
            if (read == 0)
                return null;
            bytes.AddRange(buffer[..read]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = request[..end].Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return Encoding.UTF8.GetByteCount(request[(end + 4)..]) >= (length is null ? 0 : int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture));
    }
}
