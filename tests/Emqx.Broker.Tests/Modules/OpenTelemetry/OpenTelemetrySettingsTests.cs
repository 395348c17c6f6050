using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Node;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>The root opentelemetry.</summary>
public sealed class OpenTelemetrySettingsTests
{
    private static string Check(string json)
    {
        var problems = new List<Violation>();
        var values = OpenTelemetryRoot.Root.Kind.Check(ConfigJson.Parse(json), "opentelemetry", problems);
        return problems.Count > 0 ? Violation.ToJson(problems) : values!.ToString();
    }

    internal static OpenTelemetrySettings Read(string json) => OpenTelemetryRoot.Root.Read((ConfigObject)ConfigJson.Parse(Check(json)));

    [Fact]
    public void Everything_is_off_unless_somebody_turns_it_on()
    {
        var settings = Read("{}");
        Assert.Equal((false, 10_000L), (settings.Metrics.Enable, settings.Metrics.Interval));
        Assert.Equal((false, LogLevel.Warning, 2048, 30_000L, 1_000L),
            (settings.Logs.Enable, settings.Logs.Level, settings.Logs.MaxQueueSize, settings.Logs.ExportingTimeout, settings.Logs.ScheduledDelay));
        Assert.Equal((false, 2048, 30_000L, 5_000L, false),
            (settings.Traces.Enable, settings.Traces.MaxQueueSize, settings.Traces.ExportingTimeout, settings.Traces.ScheduledDelay, settings.Traces.TraceAll));
        Assert.Equal("http://localhost:4317", settings.Exporter.Endpoint);
        Assert.Same(OpenTelemetryRoot.Root, NodeRoots.Catalogue.Find("opentelemetry"));
    }

    [Fact]
    public void The_form_with_metrics_alone_is_turned_into_the_present_one()
    {
        var settings = Read("""{"enable":true,"exporter":{"endpoint":"http://127.0.0.1:1","interval":"3s"}}""");
        Assert.Equal((true, 3_000L, "http://127.0.0.1:1"), (settings.Metrics.Enable, settings.Metrics.Interval, settings.Exporter.Endpoint));
        Assert.False(settings.Traces.Enable);
        Assert.Equal(4_000, Read("""{"metrics":{"scheduled_delay":"4s"}}""").Metrics.Interval);
    }

    [Theory]
    [InlineData("""{"exporter":{"endpoint":"127.0.0.1:4317"}}""", "Invalid url")]
    [InlineData("""{"exporter":{"endpoint":"file:///etc/passwd"}}""", "Invalid url")]
    [InlineData("""{"exporter":{"headers":{"a b":"c"}}}""", "bad_header_name")]
    [InlineData("""{"exporter":{"headers":{"x":"a\r\nb: c"}}}""", "bad_header_value")]
    [InlineData("""{"exporter":{"protocol":"http"}}""", "not_a_enum_symbol")]
    [InlineData("""{"traces":{"max_queue_size":0}}""", "pos_integer()")]
    [InlineData("""{"traces":{"filter":{"trace_mode":"all"}}}""", "not_a_enum_symbol")]
    [InlineData("""{"logs":{"level":"loud"}}""", "enum_symbol")]
    [InlineData("""{"metrics":{"enabled":true}}""", "unknown_fields")]
    public void What_cannot_work_is_refused(string json, string reason) => Assert.Contains(reason, Check(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("password", "geheim")]
    [InlineData("keyfile", "-----BEGIN PRIVATE KEY-----geheim")]
    public void A_key_and_its_password_are_shown_to_nobody(string field, string secret)
    {
        var kept = ConfigJson.Parse(Check($$$$"""{"exporter":{"ssl_options":{"{{{{field}}}}":"{{{{secret}}}}"}}}"""));
        Assert.DoesNotContain("geheim", OpenTelemetryRoot.Root.Kind.Shown(kept).ToString(), StringComparison.Ordinal);
    }
}
