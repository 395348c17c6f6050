using System.Net.Http.Headers;
using System.Text;
using Emqx.Broker.Cluster;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>
/// Sends metrics to a push gateway: one request at a time, ten seconds at most, of whose answer the status alone counts. It follows no redirects and
/// asks no proxy, so that only the address in the settings hears of the node; nothing of it is there before the first sending.
/// </summary>
internal sealed class PushClient(NodeIdentity node, IClusterControl cluster, TimeProvider time) : IDisposable
{
    private const int LongestHeaders = 16; // KB, of an answer
    private const int LongestBody = 64 * 1024; // of an answer that is read, so that its connection serves again; a longer one costs the connection

    /// <summary>How long one sending may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private HttpClient? _http;

    /// <summary>Sends a text. Null: it was taken; else why not.</summary>
    public async Task<string?> SendAsync(PushGatewaySettings settings, string text, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = RequestOf(settings, text);
            using var answer = await (_http ??= Make()).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : $"it answers {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"it does not answer within {Patience.TotalSeconds} s";
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or UriFormatException)
        {
            return error.Message;
        }
    }

    public void Dispose() => _http?.Dispose();

    private static HttpClient Make() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        MaxConnectionsPerServer = 1,
        MaxResponseHeadersLength = LongestHeaders,
        MaxResponseDrainSize = LongestBody,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change
    }) { Timeout = Timeout.InfiniteTimeSpan };

    private HttpRequestMessage RequestOf(PushGatewaySettings settings, string text)
    {
        var address = PushAddress.Of(settings, node.Name, cluster.Name);
        var request = new HttpRequestMessage(settings.Method == "post" ? HttpMethod.Post : HttpMethod.Put, address)
        {
            Content = new StringContent(text, Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } },
        };
        if (address.UserInfo.Length > 0 && !settings.Headers.ContainsKey("authorization"))
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        if (settings.Headers.ContainsKey("content-type"))
            request.Content.Headers.ContentType = null;
        foreach (var (name, value) in settings.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
