using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The root <c>opentelemetry</c>, and the form that it had while there were metrics alone.</summary>
internal static class OpenTelemetryRoot
{
    private const int LargestQueue = 65_536;
    private const int DefaultQueue = 2048, DefaultTimeout = 30_000;
    private const string QueueSize = "max_queue_size", Timeout = "exporting_timeout", Delay = "scheduled_delay";

    private static readonly StructKind s_metrics = Struct("opentelemetry.otel_metrics",
        Field("enable", Flag, false).Says("Whether metrics are exported."),
        Field("interval", TimeoutDuration, "10s").Says("How often; a tenth of a second at least.") with { Aliases = [Delay] });

    private static readonly StructKind s_logs = Struct("opentelemetry.otel_logs",
        Field("level", LogSchema.Level, "warning").Says("Lines from this level on."),
        Field("enable", Flag, false).Says("Whether lines of the log are exported."),
        Hidden(QueueSize, Positive),
        Hidden(Timeout, TimeoutDuration),
        Field(Delay, TimeoutDuration, "1s").Says("How long lines may wait to be sent together."));

    private static readonly StructKind s_endToEnd = Struct("opentelemetry.e2e_tracing_options",
        Field("cluster_identifier", Text, "emqxcl").Says("Name of the cluster, shown with each span."),
        Field("msg_trace_level", Qos, 0).Says("From which QoS on acknowledgements are traced."),
        Field("clientid_match_rules_max", Positive, 30).Says("Most clients that are always traced."),
        Field("topic_match_rules_max", Positive, 30).Says("Most topics that are always traced."),
        Field("sample_ratio", Percent, "10%").Says("Share of the others that is traced."),
        Field("client_connect_disconnect", Flag, false).Says("Whether coming and going is traced."),
        Field("client_subscribe_unsubscribe", Flag, false).Says("Whether subscriptions are traced."),
        Field("client_messaging", Flag, false).Says("Whether messages are traced."),
        Field("follow_traceparent", Flag, true).Says("Whether a trace that a client brings along is gone on with."));

    private static readonly StructKind s_filter = Struct("opentelemetry.trace_filter",
        Field("trace_mode", Enum("legacy", "e2e"), "legacy").Says("Whether messages or whole lives of clients are traced."),
        Field("trace_all", Flag, false).Says("Whether messages are traced that bring no trace along."),
        Part("e2e_tracing_options", s_endToEnd).Says("Of the mode e2e."));

    private static readonly StructKind s_traces = Struct("opentelemetry.otel_traces",
        Field("enable", Flag, false).Says("Whether the ways of messages are exported as traces."),
        Field(QueueSize, Positive, DefaultQueue).Says("Most spans that wait; no more than 65536 do."),
        Hidden(Timeout, TimeoutDuration),
        Field(Delay, TimeoutDuration, "5s").Says("How long spans may wait to be sent together."),
        Part("filter", s_filter).Says("What is traced."));

    private static readonly StructKind s_exporter = new([
        Field("endpoint", new TextKind("emqx_schema:url()", PushAddress.ProblemOf), "http://localhost:4317").Says("Address of the collector, which speaks OTLP over gRPC: http or https."),
        Field("headers", PushHeaders.Kind, ConfigObject.Empty).Says("Headers of each request, for its credentials."),
        Hidden("protocol", Enum("grpc")),
        Part("ssl_options", ClientTlsSchema.Kind).Says("TLS, where the address begins with https."),
    ], PushHeaders.ProblemOf) { Id = "opentelemetry.otel_exporter" };

    private static readonly StructKind s_table = new([
        Part("metrics", s_metrics).Says("Counters and gauges, under EMQX's names."),
        Part("logs", s_logs).Says("Lines of the node's log."),
        Part("traces", s_traces).Says("Messages on their way from publisher to subscribers."),
        Part("exporter", s_exporter).Says("Where it is sent."),
    ]) { Id = "opentelemetry", Convert = ToPresentForm };

    public static readonly Root<OpenTelemetrySettings> Root = new("opentelemetry", s_table, Read);

    /// <summary>Once there were metrics alone: their switch stood on top, their interval with the exporter.</summary>
    private static ConfigObject ToPresentForm(ConfigObject given)
    {
        if (given["enable"] is { } enable)
            given = WithMetrics(given.Without("enable"), "enable", enable);
        if (given["exporter"] is ConfigObject exporter && exporter["interval"] is { } interval)
            given = WithMetrics(given.With("exporter", exporter.Without("interval")), "interval", interval);
        return given;
    }

    private static ConfigObject WithMetrics(ConfigObject given, string name, ConfigValue value) =>
        given.With("metrics", (given["metrics"] as ConfigObject ?? ConfigObject.Empty).With(name, value));

    private static OpenTelemetrySettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var (metrics, logs, traces, exporter) = (read.Part("metrics"), read.Part("logs"), read.Part("traces"), read.Part("exporter"));
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in exporter.Object("headers") ?? ConfigObject.Empty)
            headers[name] = ((ConfigText)value).Text;
        return new(
            new(metrics.Flag("enable"), metrics.Milliseconds("interval")),
            new(logs.Flag("enable"), LogSchema.LevelOf(logs.Text("level")), QueueOf(logs), TimeoutOf(logs), logs.Milliseconds(Delay)),
            new(traces.Flag("enable"), QueueOf(traces), TimeoutOf(traces), traces.Milliseconds(Delay), traces.Part("filter").Flag("trace_all")),
            new(exporter.Text("endpoint"), headers, ClientTlsSchema.Read(exporter.Part("ssl_options"), ConfigPaths.Verbatim)));
    }

    private static int QueueOf(SettingsReader part) => part.Has(QueueSize) ? Math.Min(part.Int(QueueSize), LargestQueue) : DefaultQueue;

    private static long TimeoutOf(SettingsReader part) => part.Has(Timeout) ? part.Milliseconds(Timeout) : DefaultTimeout;
}
