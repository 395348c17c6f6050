using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>What a node exports, as a collector gets it.</summary>
public sealed class OpenTelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c", Parent = "b7ad6b7169203331";

    private static PropertyList Traced(string flags = "01") => new() { { Property.UserProperty, "traceparent", $"00-{Trace}-{Parent}-{flags}" } };

    private static void Use(TestBroker broker, FakeCollector collector, string part, string exporter = "") =>
        Use(broker, $$"""{"exporter":{"endpoint":"{{collector.Url}}"{{exporter}}},{{part}}}""");

    private static void Use(TestBroker broker, string json) => broker.Get<SettingsRoot<OpenTelemetrySettings>>().Replace(OpenTelemetrySettingsTests.Read(json));

    private static Task TracingAsync(TestBroker broker, bool isOn) =>
        Eventually.TrueAsync(() => broker.Get<BrokerHooks>().MessageRouted.IsUsed == isOn, $"traces on: {isOn}");

    [Fact]
    public async Task Metrics_come_each_interval_under_the_names_that_EMQX_gives_them()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync("a", qos: 1);
        Use(broker, collector, """ "metrics":{"enable":true,"interval":"100ms"} """, ""","headers":{"authorization":"Bearer x"}""");
        await collector.NextAsync("metrics");
        var sent = await collector.NextAsync("metrics");

        Assert.Equal("Bearer x", sent.Headers.Authorization.ToString());
        Assert.Equal("emqx", sent.Body.At(1, 1)[0].Attributes(1)["service.name"]);
        Assert.Equal("test@127.0.0.1", sent.Body.At(1, 1)[0].Attributes(1)["service.instance.id"]);
        var metrics = sent.Body.At(1, 2, 2).ToDictionary(static metric => metric.Text(1));
        Assert.Equal(1UL, metrics["messages.publish"].At(7, 1)[0].Number(6));
        Assert.Equal(1.0, BitConverter.UInt64BitsToDouble(metrics["live_connections.count"].At(5, 1)[0].Number(4)));
        Assert.All((string[])["connections.max", "cpu.use", "node.running", "packets.connect", "messages.dropped.expired"], name => Assert.Contains(name, metrics));
        Assert.DoesNotContain(metrics.Keys, static name => name.StartsWith("overload_protection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_with_a_trace_goes_on_with_it_and_takes_it_along()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        Use(broker, collector, """ "traces":{"enable":true,"scheduled_delay":"50ms"} """);
        await TracingAsync(broker, isOn: true);
        await using var subscriber = await broker.ConnectAsync(new ConnectOptions { ClientId = "subscriber" });
        await using var publisher = await broker.ConnectAsync(new ConnectOptions { ClientId = "publisher" });
        await subscriber.SubscribeAsync("a", 1);
        await publisher.PublishAsync("a", qos: 1, properties: Traced());

        var message = await subscriber.ExpectMessageAsync();
        Assert.Equal(("traceparent", $"00-{Trace}-{Parent}-01"), message.Properties.All<(string, string)>(Property.UserProperty).Single());
        var spans = (await collector.SpansAsync(2)).ToDictionary(static span => span.Text(5));
        var (process, send) = (spans["process_message"], spans["send_published_message"]);
        Assert.Equal((Trace, Parent), (process.Hex(1), process.Hex(4)));
        Assert.Equal((Trace, process.Hex(2)), (send.Hex(1), send.Hex(4)));
        Assert.Equal(("a", "publisher"), (process.Attributes(9)["messaging.destination.name"], process.Attributes(9)["messaging.client_id"]));
        Assert.Equal(("a", "subscriber"), (send.Attributes(9)["messaging.destination.name"], send.Attributes(9)["messaging.client_id"]));
    }

    [Fact]
    public async Task Messages_without_a_trace_begin_one_only_where_all_are_traced()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        Use(broker, collector, """ "traces":{"enable":true,"scheduled_delay":"50ms"} """);
        await TracingAsync(broker, isOn: true);
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync("none", qos: 1);
        await client.PublishAsync("not-sampled", qos: 1, properties: Traced("00"));
        await client.PublishAsync("traced", qos: 1, properties: Traced());
        Assert.Equal("traced", (await collector.SpansAsync(1))[0].Attributes(9)["messaging.destination.name"]);

        Use(broker, collector, """ "traces":{"enable":false} """);
        await TracingAsync(broker, isOn: false);
        Use(broker, collector, """ "traces":{"enable":true,"scheduled_delay":"50ms","filter":{"trace_all":true}} """);
        await TracingAsync(broker, isOn: true);
        await client.PublishAsync("all", qos: 1);
        var span = (await collector.SpansAsync(1))[0];
        Assert.Equal(("all", ""), (span.Attributes(9)["messaging.destination.name"], span.Hex(4)));
    }

    [Fact]
    public async Task Off_it_hangs_on_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        var hooks = broker.Get<BrokerHooks>();
        Assert.False(hooks.MessageRouted.IsUsed);
        Assert.False(hooks.MessageDelivered.IsUsed);
        Assert.Equal(LogLevel.None, broker.Get<LogTap>().Least);
    }

    [Fact]
    public async Task A_collector_that_hangs_holds_nobody_up_and_what_waits_for_it_has_a_bound()
    {
        const int published = 300, most = 16;
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        var gate = new TaskCompletionSource();
        collector.Gate = gate.Task;
        Use(broker, collector, $$""" "traces":{"enable":true,"scheduled_delay":"50ms","max_queue_size":{{most}}} """);
        await TracingAsync(broker, isOn: true);
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync("first", qos: 1, properties: Traced());
        var first = await collector.SpansAsync(1);
        for (var i = 0; i < published; i++)
            Assert.Equal(0x10, await client.PublishAsync("a", qos: 1, properties: Traced()));
        gate.SetResult();

        List<ProtoFields> spans = [.. first];
        do
        {
            await client.PublishAsync("last", qos: 1, properties: Traced());
            spans.AddRange(await collector.SpansAsync(1));
        }
        while (spans[^1].Attributes(9)["messaging.destination.name"] != "last");
        Assert.InRange(spans.Count(static span => span.Attributes(9)["messaging.destination.name"] == "a"), 1, 2 * most);
    }

    [Fact]
    public async Task A_node_stops_while_its_collector_hangs()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        collector.Gate = new TaskCompletionSource().Task;
        Use(broker, collector, """ "metrics":{"enable":true,"interval":"100ms"},"traces":{"enable":true,"scheduled_delay":"50ms"} """);
        await TracingAsync(broker, isOn: true);
        await collector.NextAsync("metrics");
        await broker.DisposeAsync().AsTask().WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task Lines_of_the_log_from_the_level_on_are_sent()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        var tap = broker.Get<LogTap>();
        Use(broker, collector, """ "logs":{"enable":true,"level":"info","scheduled_delay":"50ms"} """);
        await Eventually.TrueAsync(() => tap.Least == LogLevel.Information, "logs on");
        tap.Add(LogLevel.Debug, "Some.Source", "quiet", null);
        tap.Add(LogLevel.Error, "Some.Source", "loud", new InvalidOperationException("why"));

        var scope = (await collector.NextAsync("logs")).Body.At(1, 2)[0];
        var line = Assert.Single(scope.At(2));
        Assert.Equal(("Some.Source", "loud", 17UL), (scope.At(1)[0].Text(1), line.At(5)[0].Text(1), line.Number(2)));
        Assert.Equal("why", line.Attributes(6)["exception.message"]);
        Use(broker, collector, """ "logs":{"enable":false} """);
        await Eventually.TrueAsync(() => tap.Least == LogLevel.None, "logs off");
    }
}
