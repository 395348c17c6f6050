using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Http;

/// <summary>What a configuration says of a service that is asked over HTTP; the same for authenticators and sources.</summary>
internal static class HttpFields
{
    /// <summary>Bytes of an answer; lists of rules may be long.</summary>
    private const int LongestAnswer = 256 * 1024;

    private const long LongestTime = 24 * 60 * 60 * 1000; // milliseconds

    private static readonly string[] s_methods = ["get", "post"];

    /// <summary>The two forms of a configuration, which the method tells apart.</summary>
    /// <param name="names">EMQX's name of the forms, without the method: <c>authn.http</c>.</param>
    /// <param name="common">What every entry of the list may say.</param>
    /// <param name="timeout">What an answer may take where nothing is said.</param>
    /// <param name="isFieldNamed">Whether a wrong method is told with the field's name.</param>
    public static VariantKind Kind(string names, StructField[] common, string timeout, bool isFieldNamed)
    {
        StructKind[] forms = [.. s_methods.Select(method => Struct($"{names}_{method}", [.. common.Concat(Of(method, timeout)).OrderBy(static field => field.Name, StringComparer.Ordinal)]))];
        return new(forms, given => given["method"] is ConfigText { Text: var method } && Array.IndexOf(s_methods, method) is >= 0 and var at ? forms[at] : null,
            (given, path) => UnknownMethod(given["method"] ?? "undefined", path, isFieldNamed), FaultOf);
    }

    /// <summary>Reads a configuration that was checked.</summary>
    public static HttpBackendSettings Read(SettingsReader settings, ConfigPaths paths) => new(
        AccessUrl.Parse(settings.Text("url"), out _) ?? throw new ArgumentException("no address"),
        settings.Int("pool_size"),
        Time(settings, "connect_timeout"),
        Time(settings, "request_timeout"),
        LongestAnswer,
        ClientTlsSchema.Read(settings.Part("ssl"), paths));

    /// <summary>What a form says; hidden is what older releases, or other uses of EMQX's connection, have said.</summary>
    private static StructField[] Of(string method, string timeout)
    {
        var headers = new HeadersKind(hasContent: method == "post");
        return
        [
            Optional("body", new BodyKind()).Says("What is sent: texts, places like ${username} in them."),
            Field("connect_timeout", TimeoutDuration, "15s").Says("How long connecting may take."),
            Field("enable_pipelining", Positive, 100).Says("Without effect: a connection has one request at a time."),
            Field("headers", headers, headers.Default).Says("Headers of the requests."),
            Hidden("max_retries", NotNegative),
            Required("method", Enum(method)).Says("How it is asked."),
            Field("pool_size", Positive, 8).Says("Most requests that are under way at a time; others wait."),
            Hidden("request", Open),
            Field("request_timeout", Duration, timeout).Says("How long an answer may take."),
            Hidden("retry_interval", TimeoutDuration),
            Part("ssl", ClientTlsSchema.Kind).Says("TLS of the way there."),
            Required("url", new TextKind("binary()", UrlProblem)).Says("Address of the service; places like ${username} may stand in path and query."),
        ];
    }

    private static TimeSpan Time(SettingsReader settings, string name) => TimeSpan.FromMilliseconds(Math.Clamp(settings.Milliseconds(name), 1, LongestTime));

    private static string? UrlProblem(string url)
    {
        if (url.Length == 0)
            return "the value of the field 'url' cannot be empty";
        return AccessUrl.ProblemOf(url) is { } problem ? $"invalid_url: {problem}" : null;
    }

    private static Violation UnknownMethod(ConfigValue got, string path, bool isFieldNamed)
    {
        List<(string Name, ConfigValue Value)> details = [("got", got), ("expected", string.Join(" | ", s_methods))];
        if (isFieldNamed)
            details.Add(("field_name", "method"));
        return Violation.Because(path, "unknown_http_method", details);
    }

    private static Violation? FaultOf(ConfigObject kept, string path)
    {
        var settings = new SettingsReader(kept);
        return AccessUrl.Parse(settings.Text("url"), out _) is { IsTls: true } && !settings.Part("ssl").Flag("enable")
            ? Violation.Because(path, "invalid_ssl_opts", ("message", "it's required to enable the TLS option to establish a https connection"))
            : null;
    }
}
