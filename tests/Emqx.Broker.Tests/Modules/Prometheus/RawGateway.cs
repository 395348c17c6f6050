using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Emqx.TestKit;

namespace Emqx.Broker.Tests.Modules.Prometheus;

/// <summary>A push gateway that says what the test wants it to say, byte by byte.</summary>
internal sealed class RawGateway : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly string? _answer;
    private readonly Task _serving;

    /// <param name="answer">What each request is answered with; null: nothing, ever.</param>
    public RawGateway(string? answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>The next request, headers and body.</summary>
    public async Task<string> RequestAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience.Long);

    /// <summary>Requests that nobody has asked for.</summary>
    public int Waiting => _requests.Reader.Count;

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
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The test is over, or one peer left before it was taken: the next one counts.
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient peer)
    {
        using var client = peer;
        try
        {
            var stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                await _requests.Writer.WriteAsync(request);
                if (_answer is null)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _over.Token);
                else
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer), _over.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The other side has left, or the test is over.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var text = "";
        var buffer = new byte[64 * 1024];
        while (!IsWhole(text))
        {
            var read = await stream.ReadAsync(buffer, _over.Token);
            if (read == 0)
                return null;
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }

        return text;
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = request[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return request.Length - end - 4 >= (length is null ? 0 : int.Parse(length["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
