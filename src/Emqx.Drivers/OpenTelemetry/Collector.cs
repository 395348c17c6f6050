using System.Net.Security;
using OpenTelemetry.Exporter;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>
/// The collector that is exported to, over gRPC. Only this address hears of the node: no redirect is followed and no proxy asked, and the
/// package's own variables say nothing.
/// </summary>
/// <param name="Endpoint">http or https.</param>
/// <param name="Headers">Of each request.</param>
/// <param name="Tls">Of https; its target is the name that is asked for.</param>
/// <param name="Patience">How long one request may take.</param>
/// <param name="Told">Told after each request, on the thread that exports: null where it was taken, else why not.</param>
internal sealed record Collector(
    Uri Endpoint, IReadOnlyDictionary<string, string> Headers, SslClientAuthenticationOptions Tls, TimeSpan Patience, Action<string?> Told)
{
    private const int LongestHeaders = 16; // KB, of an answer
    private const int LongestAnswer = 64 * 1024; // bytes; what it says is not looked at

    /// <summary>What the package's exporters are made of.</summary>
    public OtlpExporterOptions ToOptions() => new()
    {
        Endpoint = Endpoint,
        Headers = null,
        HttpClientFactory = MakeClient,
        Protocol = OtlpExportProtocol.Grpc,
        TimeoutMilliseconds = (int)Patience.TotalMilliseconds,
    };

    private HttpClient MakeClient()
    {
        var sockets = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectTimeout = Patience,
            MaxResponseHeadersLength = LongestHeaders,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change
            SslOptions = Tls,
            UseCookies = false,
            UseProxy = false,
        };
        var client = new HttpClient(new CollectorAnswers(Told, LongestAnswer, sockets)) { MaxResponseContentBufferSize = LongestAnswer, Timeout = Patience };
        if (Tls.TargetHost is { Length: > 0 } host && host != Endpoint.Host)
            client.DefaultRequestHeaders.Host = host; // that is what the handler asks TLS for, whatever the options say
        foreach (var (name, value) in Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }
}
