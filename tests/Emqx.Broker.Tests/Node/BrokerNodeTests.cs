using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Emqx.Broker.Node;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Node;

/// <summary>A node as a test of somebody else has it: by its public members alone.</summary>
public sealed class BrokerNodeTests
{
    private static readonly BrokerNodeOptions s_options = new() { Tcp = new IPEndPoint(IPAddress.Loopback, 0) };

    [Fact]
    public async Task It_listens_publishes_subscribes_forgets_and_stops()
    {
        await using var node = await BrokerNode.StartNewAsync(s_options, Cancellation);
        await using var client = await ConnectAsync(node);
        ConcurrentQueue<BrokerMessage> received = new();
        using var subscription = node.Subscribe("up/#", received.Enqueue);

        await client.SubscribeAsync("down");
        Assert.Equal(1, await node.PublishAsync(new BrokerMessage("down", "hello"u8.ToArray()), Cancellation));
        Assert.Equal("hello", (await client.ExpectMessageAsync()).PayloadText);

        Assert.Equal(0, await client.PublishAsync("up/1", "there", qos: 1));
        var message = Assert.Single(received);
        Assert.Equal(("up/1", (byte)1, false), (message.Topic, message.Qos, message.Retain));
        Assert.Equal("there"u8, message.Payload.Span);

        await node.ResetAsync(Cancellation);
        await client.ExpectClosedAsync();
        Assert.Equal(0, await node.PublishAsync(new BrokerMessage("up/1", default), Cancellation));
        await using var second = await ConnectAsync(node);

        await node.StopAsync(Cancellation);
        Assert.Equal(0x8B, (await second.ExpectAsync(PacketType.Disconnect)).ReasonCode);
    }

    [Fact]
    public async Task A_stop_says_goodbye_though_the_clock_stands_still()
    {
        await using var node = await BrokerNode.StartNewAsync(s_options with { Time = new ManualClock() }, Cancellation);
        await using var client = await ConnectAsync(node);
        await node.StopAsync(Cancellation);
        Assert.Equal(0x8B, (await client.ExpectAsync(PacketType.Disconnect)).ReasonCode);
    }

    [Fact]
    public async Task A_stop_that_nobody_waits_for_cuts_clients_off_and_is_no_failure()
    {
        await using var node = await BrokerNode.StartNewAsync(s_options, Cancellation);
        await using var client = await ConnectAsync(node);
        await node.StopAsync(new CancellationToken(canceled: true));
        Assert.Empty(node.Listeners);
    }

    [Fact]
    public async Task Without_a_word_it_listens_nowhere_and_is_quick_to_start()
    {
        await using var node = await BrokerNode.StartNewAsync(cancellation: Cancellation);
        Assert.Empty(node.Listeners);
        Assert.Equal("emqx@127.0.0.1", node.Name);
    }

    [Fact]
    public async Task Two_nodes_of_one_process_know_nothing_of_each_other()
    {
        await using var one = await BrokerNode.StartNewAsync(s_options, Cancellation);
        await using var other = await BrokerNode.StartNewAsync(s_options with { Name = "other@127.0.0.1" }, Cancellation);
        Assert.NotEqual(Assert.Single(one.Listeners), Assert.Single(other.Listeners));
        using var subscription = one.Subscribe("#", static _ => { });
        Assert.Equal(1, await one.PublishAsync(new BrokerMessage("a", default), Cancellation));
        Assert.Equal(0, await other.PublishAsync(new BrokerMessage("a", default), Cancellation));
    }

    [Fact]
    public async Task Settings_are_those_of_emqx_conf()
    {
        await using var node = await BrokerNode.StartNewAsync(new BrokerNodeOptions
        {
            Configuration = """
                mqtt.max_qos_allowed = 1
                listeners.ws.mine { bind = "127.0.0.1:0" }
                """,
        }, Cancellation);
        var listener = Assert.Single(node.Listeners);
        Assert.Equal("ws:mine", listener.Id);
        await using var client = await RawMqttClient.OpenWebSocketAsync(listener.EndPoint);
        var connack = await client.ConnectAsync(new ConnectOptions());
        Assert.Equal(1u, connack.Properties.Number(Property.MaximumQos));
    }

    [Theory]
    [InlineData("mqtt.max_inflight = many", "mqtt.max_inflight")]
    [InlineData("mqtt {", "line")]
    public void Wrong_settings_are_told_with_their_place(string configuration, string place)
    {
        var failure = Assert.Throws<ArgumentException>(() => BrokerNode.Create(new BrokerNodeOptions { Configuration = configuration }));
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_fails_the_start()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var options = s_options with { Tcp = (IPEndPoint)socket.LocalEndpoint };
        await Assert.ThrowsAsync<IOException>(() => BrokerNode.StartNewAsync(options, Cancellation));
    }

    [Fact]
    public async Task A_new_subscription_gets_what_was_kept_until_a_reset()
    {
        await using var node = await BrokerNode.StartNewAsync(cancellation: Cancellation);
        await node.PublishAsync(new BrokerMessage("kept", "x"u8.ToArray()) { Retain = true }, Cancellation);
        Assert.True(Assert.Single(Kept(node)).Retain);
        await node.ResetAsync(Cancellation);
        Assert.Empty(Kept(node));
    }

    [Fact]
    public async Task A_reset_gives_up_what_waits_to_be_published()
    {
        var clock = new ManualClock();
        await using var node = await BrokerNode.StartNewAsync(new BrokerNodeOptions { Time = clock }, Cancellation);
        await node.PublishAsync(new BrokerMessage("$delayed/1/late", default), Cancellation);
        await node.ResetAsync(Cancellation);
        await node.PublishAsync(new BrokerMessage("$delayed/1/later", default), Cancellation);
        List<string> topics = [];
        using var subscription = node.Subscribe("+", message => topics.Add(message.Topic));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["later"], topics);
    }

    [Fact]
    public async Task Who_has_unsubscribed_gets_nothing_and_who_throws_harms_nobody()
    {
        await using var node = await BrokerNode.StartNewAsync(cancellation: Cancellation);
        List<string> topics = [];
        var subscription = node.Subscribe("a", message => topics.Add(message.Topic));
        using var broken = node.Subscribe("a", static _ => throw new InvalidOperationException("broken"));
        Assert.Equal(2, await node.PublishAsync(new BrokerMessage("a", default), Cancellation));
        subscription.Dispose();
        Assert.Equal(1, await node.PublishAsync(new BrokerMessage("a", default), Cancellation));
        Assert.Equal(["a"], topics);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a/#", 0)]
    [InlineData("a", 3)]
    public async Task What_is_no_message_is_refused(string topic, byte qos)
    {
        await using var node = await BrokerNode.StartNewAsync(cancellation: Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(() => node.PublishAsync(new BrokerMessage(topic, default) { Qos = qos }, Cancellation).AsTask());
        Assert.Throws<ArgumentException>(() => node.Subscribe("a/#/b", static _ => { }));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static List<BrokerMessage> Kept(BrokerNode node)
    {
        List<BrokerMessage> kept = [];
        node.Subscribe("kept", kept.Add).Dispose();
        return kept;
    }

    private static async Task<RawMqttClient> ConnectAsync(BrokerNode node)
    {
        var client = await RawMqttClient.OpenTcpAsync(Assert.Single(node.Listeners).EndPoint);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        return client;
    }
}
