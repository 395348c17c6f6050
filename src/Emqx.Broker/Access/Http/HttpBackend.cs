using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Access.Templates;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Http;

/// <summary>
/// A service that authenticators and sources ask over HTTP. Nothing of it is there before the first request. So many requests at most are under way;
/// others wait for their turn, no longer than their answers may take. Redirects, cookies and proxies are not followed, and an answer is not read beyond its bound.
/// </summary>
internal sealed class HttpBackend(HttpBackendSettings settings, TimeProvider time, ILogger logger) : IAccessBackend, IDisposable
{
    /// <summary>How often a request is sent again whose connection was lost before an answer came, as EMQX's client does.</summary>
    private const int Retries = 2;

    private const int LongestHeaders = 16; // KB, of an answer

    private readonly Lock _gate = new();
    private readonly BackendTurns _turns = new(settings.PoolSize);
    private readonly BackendHealth _health = new(settings.Url.Base, time, logger);
    private HttpMessageInvoker? _client;
    private bool _isDisposed;

    public ResourceStatus Status => _health.Status;

    public EntryMetrics ResourceMetrics => _health.Metrics;

    /// <summary>Asks; null: there is no answer, whatever the reason.</summary>
    public async ValueTask<HttpAnswer?> AskAsync(RequestTemplate template, TemplateValues values, CancellationToken cancellation)
    {
        ResourceMetrics.CountAsked();
        using var patience = new CancellationTokenSource(settings.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        HttpAnswer? answer = null;
        try
        {
            answer = await AskInTurnAsync(template, values, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _health.Tell($"no answer within {settings.RequestTimeout.TotalSeconds} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or CryptographicException or ObjectDisposedException)
        {
            _health.Note(ResourceStatus.Disconnected);
            _health.Tell(error.Message);
        }
        finally
        {
            ResourceMetrics.Count(answer is { Status: >= 200 and < 300 } ? EntryVerdict.Positive : EntryVerdict.Negative);
        }

        return answer;
    }

    public async ValueTask<ResourceStatus> CheckAsync(CancellationToken cancellation)
    {
        if (_health.IsFresh)
            return Status;
        var most = settings.ConnectTimeout < BackendHealth.ProbePatience ? settings.ConnectTimeout : BackendHealth.ProbePatience;
        using var patience = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(settings.Url.Host, settings.Url.Port, either.Token).ConfigureAwait(false);
            _health.Note(ResourceStatus.Connected);
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _health.Note(ResourceStatus.Disconnected);
        }

        return Status;
    }

    /// <summary>Requests that are under way end without an answer.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _client?.Dispose();
        }
    }

    private async ValueTask<HttpAnswer?> AskInTurnAsync(RequestTemplate template, TemplateValues values, CancellationToken cancellation)
    {
        if (!await _turns.TryEnterAsync(cancellation).ConfigureAwait(false))
            return Nothing("too many requests wait");
        try
        {
            return await SendAsync(template, values, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Leave();
        }
    }

    private async ValueTask<HttpAnswer?> SendAsync(RequestTemplate template, TemplateValues values, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = template.Make(values);
            if (request is null)
                return Nothing("a value can not stand in its place of the request");
            try
            {
                using var answer = await Client().SendAsync(request, cancellation).ConfigureAwait(false);
                _health.Note(ResourceStatus.Connected);
                return await ReadAsync(answer, cancellation).ConfigureAwait(false) ?? Nothing($"the answer has more than {settings.LongestAnswer} bytes");
            }
            catch (HttpRequestException error) when (attempt < Retries && error.InnerException is IOException)
            {
                // The connection was an old one, which the service has given up.
            }
        }
    }

    private async ValueTask<HttpAnswer?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > settings.LongestAnswer)
            return null;
        using var stream = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var body = new byte[4096];
        var length = 0;
        while (true)
        {
            if (length == body.Length)
                Array.Resize(ref body, Math.Min(body.Length * 4, settings.LongestAnswer + 1));
            var read = await stream.ReadAsync(body.AsMemory(length), cancellation).ConfigureAwait(false);
            length += read;
            if (length > settings.LongestAnswer)
                return null;
            if (read == 0)
                break;
        }

        var types = answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
        return new((int)answer.StatusCode, types, body.AsMemory(0, length));
    }

    private HttpMessageInvoker Client()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _client ??= new(Handler());
        }
    }

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.ConnectTimeout,
            MaxConnectionsPerServer = settings.PoolSize,
            MaxResponseHeadersLength = LongestHeaders,
            MaxResponseDrainSize = settings.LongestAnswer,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        if (settings.Url.IsTls)
            handler.ConnectCallback = ClientTls.ConnectTo(settings.Url, settings.Tls);
        return handler;
    }

    private HttpAnswer? Nothing(string why)
    {
        _health.Tell(why);
        return null;
    }
}
