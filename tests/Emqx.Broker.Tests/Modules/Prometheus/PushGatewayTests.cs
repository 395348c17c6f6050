using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Node;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Prometheus;

/// <summary>Pushing as a part of a node that runs, and the settings of it.</summary>
public sealed class PushGatewayTests
{
    private const string Taken = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static string Check(string json)
    {
        var problems = new List<Violation>();
        var values = PrometheusRoot.Root.Kind.Check(ConfigJson.Parse(json), "prometheus", problems);
        return problems.Count > 0 ? Violation.ToJson(problems) : values!.ToString();
    }

    private static PrometheusSettings Read(string json) => PrometheusRoot.Root.Read((ConfigObject)ConfigJson.Parse(Check(json)));

    [Fact]
    public async Task Metrics_are_pushed_each_interval_while_it_is_on_and_not_before()
    {
        var time = new ManualClock();
        await using var gateway = new RawGateway(Taken);
        await using var broker = await TestBroker.StartAsync(time: time);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, gateway.Waiting);
        var settings = broker.Get<SettingsRoot<PrometheusSettings>>();
        settings.Replace(Read($$$"""{"push_gateway":{"enable":true,"url":"{{{gateway.Url}}}","interval":"5s"}}"""));
        for (var i = 0; i < 2; i++)
        {
            await time.AdvanceUntilAsync(() => gateway.Waiting > 0, TimeSpan.FromSeconds(10), "a push");
            var request = await gateway.RequestAsync();
            Assert.StartsWith("PUT /metrics/job/test/instance/test~127.0.0.1 ", request, StringComparison.Ordinal);
            foreach (var family in (string[])["emqx_connections_count 0\n", "emqx_banned_count 0\n", "emqx_rules_count 0\n"])
                Assert.Contains("\n" + family, request, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_is_off_unless_somebody_turns_it_on()
    {
        var settings = Read("{}");
        Assert.False(settings.PushGateway.Enable);
        Assert.False(settings.EnableBasicAuth);
        Assert.Equal("http://127.0.0.1:9091", settings.PushGateway.Url);
        Assert.Equal(15_000, settings.PushGateway.Interval);
    }

    [Theory]
    [InlineData("""{"url":"127.0.0.1:9091"}""", "Invalid url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "Invalid url")]
    [InlineData("""{"url":"http://"}""", "Invalid url")]
    [InlineData("""{"headers":{"a b":"c"}}""", "bad_header_name")]
    [InlineData("""{"headers":{"Transfer-Encoding":"chunked"}}""", "bad_header_name")]
    [InlineData("""{"headers":{"x":"a\r\nb: c"}}""", "bad_header_value")]
    [InlineData("""{"headers":{"x":{}}}""", "string()")]
    [InlineData("""{"method":"get"}""", "not_a_enum_symbol")]
    [InlineData("""{"interval":"x"}""", "Not a valid duration")]
    public void What_would_go_wrong_at_each_push_is_refused_before(string push, string reason) =>
        Assert.Contains(reason, Check($$"""{"push_gateway":{{push}}}"""), StringComparison.Ordinal);

    [Fact]
    public void Address_headers_and_job_have_a_length()
    {
        var many = string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"h{i}\":\"x\""));
        Refuses("Invalid url", $"\"url\":\"http://x/{new string('x', 2048)}\"");
        Refuses("too long", $"\"job_name\":\"{new string('x', 1025)}\"");
        Refuses("bad_header_value", $"\"headers\":{{\"x\":\"{new string('x', 4097)}\"}}");
        Refuses("too many headers", $"\"headers\":{{{many}}}");

        static void Refuses(string reason, string field) => Assert.Contains(reason, Check($"{{\"push_gateway\":{{{field}}}}}"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_form_of_older_releases_is_turned_into_the_present_one()
    {
        var settings = Read("""{"push_gateway_server":"http://127.0.0.1:9099","interval":"3s","enable":true,"vm_memory_collector":"enabled","job_name":"j","headers":{"a":"b"}}""");
        Assert.Equal(("http://127.0.0.1:9099", 3000L, true, "j", "b"), (settings.PushGateway.Url, settings.PushGateway.Interval, settings.PushGateway.Enable,
            settings.PushGateway.JobName, settings.PushGateway.Headers["A"]));
        Assert.False(Read("""{"enable":true}""").PushGateway.Enable); // without an address
        Assert.Contains("unknown_fields", Check("""{"nothing":1}"""), StringComparison.Ordinal);
        Assert.Same(PrometheusRoot.Root, NodeRoots.Catalogue.Find("prometheus"));
    }
}
