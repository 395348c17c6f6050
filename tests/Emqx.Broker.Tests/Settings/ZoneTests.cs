using System.Net.Sockets;
using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>What a zone sets takes the place of the global value, for the clients of listeners that name it.</summary>
public sealed class ZoneTests : IDisposable
{
    private const string TwoListeners = """
        listeners.tcp.plain { bind = "127.0.0.1:0" }
        listeners.tcp.edge { bind = "127.0.0.1:0", zone = edge }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-zones").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (NodeConfiguration? Configuration, IReadOnlyList<string> Failures) Load(Dictionary<string, string> variables, string file)
    {
        File.WriteAllText(Path.Combine(_folder, "emqx.conf"), file);
        var all = new Dictionary<string, string>(variables) { ["EMQX_ETC_DIR"] = _folder };
        return (NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, all), new Dictionary<string, string>(), out var failures), failures);
    }

    private ZoneSettings Loaded(Dictionary<string, string> variables, string file = "")
    {
        var (configuration, failures) = Load(variables, file);
        Assert.Empty(failures);
        Assert.Empty(configuration!.Warnings);
        return ZoneSchemas.Read(configuration.Running);
    }

    private static Task<BrokerNode> StartAsync(string configuration) =>
        BrokerNode.StartNewAsync(new BrokerNodeOptions { Configuration = TwoListeners + configuration }, Cancellation);

    private static Task<RawMqttClient> OpenAsync(BrokerNode node, string listener, byte version = 5) =>
        RawMqttClient.OpenTcpAsync(node.Listeners.Single(one => one.Id == listener).EndPoint, version);

    private static async Task<(RawMqttClient Client, ReceivedPacket Connack)> ConnectAsync(BrokerNode node, string listener)
    {
        var client = await OpenAsync(node, listener);
        return (client, await client.ConnectAsync(new ConnectOptions()));
    }

    [Fact]
    public void Of_a_zone_only_what_it_sets_differs()
    {
        var global = Loaded([], "mqtt.max_inflight = 9\nzones.edge.mqtt { max_topic_levels = 3, max_inflight = 7 }\nzones.edge.flapping_detect.enable = true");
        var zone = global.Find("edge")!;
        Assert.Equal((3, 7, global.Mqtt.MaxPacketSize), (zone.Mqtt.MaxTopicLevels, zone.Mqtt.MaxInflight, zone.Mqtt.MaxPacketSize));
        Assert.Equal(global.FlappingDetect with { Enable = true }, zone.FlappingDetect);
        Assert.Equal(global.ForceShutdown, zone.ForceShutdown);
        Assert.Equal((128, 9), (global.Mqtt.MaxTopicLevels, global.Mqtt.MaxInflight));
    }

    [Fact]
    public void Variables_set_a_zone_and_older_names_are_taken()
    {
        var global = Loaded(new() { ["EMQX_ZONES__EDGE__MQTT__MAX_TOPIC_LEVELS"] = "3", ["EMQX_ZONES__DEFAULT__FORCE_SHUTDOWN__MAX_MESSAGE_QUEUE_LEN"] = "5" });
        Assert.Equal(3, global.Find("edge")!.Mqtt.MaxTopicLevels);
        Assert.Equal((5, 1000), (global.Of("default").ForceShutdown.MaxMailboxSize, global.ForceShutdown.MaxMailboxSize));
    }

    [Fact]
    public void The_zone_default_is_always_there_and_another_only_where_it_is_configured()
    {
        var none = Loaded([]);
        Assert.Same(none, none.Find("default"));
        Assert.Null(none.Find("edge"));
        var one = Loaded([], "zones.edge {}");
        Assert.Same(one, one.Find("default"));
        Assert.Equal(one.Mqtt.MaxInflight, one.Find("edge")!.Mqtt.MaxInflight);
    }

    [Theory]
    [InlineData("zones.edge { nosuch {} }", "zones.edge: unknown_fields \"nosuch\"")]
    [InlineData("zones.edge.mqtt { nosuch = 1 }", "zones.edge.mqtt: unknown_fields \"nosuch\"")]
    [InlineData("zones.edge.mqtt { max_inflight = 0 }", "zones.edge.mqtt.max_inflight: expected 1..65535")]
    [InlineData("zones.edge.force_shutdown { max_heap_size = 1TB }", "zones.edge.force_shutdown.max_heap_size")]
    [InlineData("zones.edge = 5", "zones.edge")]
    [InlineData("zones { \"a b\" {} }", "invalid_map_key")]
    public void A_zone_is_checked_as_the_roots_are(string file, string failure) =>
        Assert.Contains(failure, Assert.Single(Load([], file).Failures), StringComparison.Ordinal);

    [Fact]
    public async Task A_listener_gives_its_clients_the_zone()
    {
        await using var node = await StartAsync("zones.edge.mqtt { max_topic_levels = 3, max_qos_allowed = 1, max_inflight = 7, max_packet_size = 200 }");
        var (edge, told) = await ConnectAsync(node, "tcp:edge");
        await using var first = edge;
        var (plain, plainTold) = await ConnectAsync(node, "tcp:plain");
        await using var second = plain;
        Assert.Equal((1u, 7u, 200u), (told.Properties.Number(Property.MaximumQos), told.Properties.Number(Property.ReceiveMaximum), told.Properties.Number(Property.MaximumPacketSize)));
        Assert.Null(plainTold.Properties.Number(Property.MaximumQos));
        Assert.Equal([0x8F], await edge.SubscribeAsync("a/b/c/d"));
        Assert.Equal([0], await plain.SubscribeAsync("a/b/c/d"));
        await plain.PublishAsync("a/b", new string('x', 300), qos: 1);
        await edge.SendAsync(new byte[] { 0x30, 0xC8, 0x10 });
        Assert.Equal(0x95, (await edge.ExpectAsync(PacketType.Disconnect)).ReasonCode);
    }

    [Fact]
    public async Task The_zone_default_holds_for_listeners_that_name_none()
    {
        await using var node = await StartAsync("zones.default.mqtt.max_qos_allowed = 0\nzones.edge {}");
        var (plain, told) = await ConnectAsync(node, "tcp:plain");
        await using var first = plain;
        var (edge, edgeTold) = await ConnectAsync(node, "tcp:edge");
        await using var second = edge;
        Assert.Equal(0u, told.Properties.Number(Property.MaximumQos));
        Assert.Null(edgeTold.Properties.Number(Property.MaximumQos));
    }

    [Fact]
    public async Task A_listener_whose_zone_is_not_there_lets_nobody_in()
    {
        await using var node = await StartAsync("");
        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var client = await OpenAsync(node, "tcp:edge");
            await client.ExpectClosedAsync();
        });
        Assert.True(refused is null or SocketException, refused?.ToString()); // a reset may be faster than the client
        var (plain, told) = await ConnectAsync(node, "tcp:plain");
        await using var second = plain;
        Assert.Equal(0, told.ReasonCode);
    }

    [Fact]
    public async Task Own_messages_stay_away_where_the_zone_says_so()
    {
        await using var node = await StartAsync("zones.edge.mqtt.ignore_loop_deliver = true");
        foreach (var (listener, isKept) in new[] { ("tcp:edge", true), ("tcp:plain", false) })
        {
            await using var client = await OpenAsync(node, listener, version: 4);
            await client.ConnectAsync(new ConnectOptions { Version = 4, ClientId = listener });
            await client.SubscribeAsync("loop");
            await client.SendAsync("0\x0A\0\x04loopmine"u8.ToArray());
            if (!isKept)
                Assert.Equal("mine", (await client.ExpectMessageAsync()).PayloadText);
            else
                await client.ExpectNothingAsync();
        }
    }
}
