using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Sessions;
using Emqx.Broker.Tests.Hooks;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;
using AuthorizeRequest = Emqx.Broker.Protocol.AuthorizeRequest;

namespace Emqx.Broker.Tests.Node;

/// <summary>The node goes down: wills first, delayed ones too, to those who are still connected; then the goodbyes.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly string _topic = Unique.Topic();
    private readonly List<RawMqttClient> _clients = [];
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Theory, InlineData(5, 0), InlineData(5, 1), InlineData(5, 2), InlineData(4, 1), InlineData(3, 2)]
    public async Task Every_will_reaches_every_watcher_before_the_goodbye(byte version, int qos)
    {
        var watchers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => WatchAsync(version)));
        for (var i = 0; i < 100; i++)
            await ConnectAsync(With($"plain-{i}", (byte)(3 + (i % 3)), qos));
        var received = Task.WhenAll(watchers.Select(ReceiveAllAsync));
        await StopAsync();
        foreach (var wills in await received)
            Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"plain-{i}").Order(), wills.Order());
    }

    [Fact]
    public async Task Delayed_wills_do_not_wait_any_longer_whether_their_clients_are_connected_or_not()
    {
        var watcher = await WatchAsync(5);
        await ConnectAsync(With("connected", 5, 1, delay: 1000));
        var options = With("left", 5, 1, delay: 1000);
        var gone = _broker.GoneAsync(options.ClientId);
        var left = await ConnectAsync(options);
        await left.DropAsync();
        await gone;
        var received = ReceiveAllAsync(watcher);
        await StopAsync();
        Assert.Equal(["connected", "left"], (await received).Order());
    }

    [Fact]
    public async Task A_watcher_s_own_will_reaches_the_others()
    {
        var one = await ConnectAsync(With("one", 5, 1));
        var other = await ConnectAsync(With("other", 5, 1));
        await one.SubscribeAsync(_topic, 1);
        await other.SubscribeAsync(_topic, 1);
        var received = Task.WhenAll(ReceiveAllAsync(one), ReceiveAllAsync(other));
        await StopAsync();
        Assert.All(await received, static wills => Assert.Equal(["one", "other"], wills.Order()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_verdict_on_a_will_is_waited_for(bool authorizes)
    {
        var hooks = _broker.Get<BrokerHooks>();
        using var authorizing = new WaitingLink<AuthorizeRequest>(hooks.ClientAuthorize, request => authorizes && request.IsPublish);
        using var publishing = new WaitingLink<PublishAttempt>(hooks.MessagePublish, attempt => !authorizes && attempt.Message.Topic == _topic);
        var watcher = await WatchAsync(5);
        await ConnectAsync(With("judged", 5, 1));
        var received = ReceiveAllAsync(watcher);
        var stopping = StopAsync();
        if (authorizes)
            (await authorizing.AskedAsync()).Answer(static request => request.Verdict = true);
        else
            (await publishing.AskedAsync()).Answer();
        await stopping;
        Assert.Equal(["judged"], await received);
    }

    [Fact]
    public async Task A_verdict_that_never_comes_and_a_watcher_that_never_acknowledges_do_not_hold_the_stop_up()
    {
        using var authorizing = new WaitingLink<AuthorizeRequest>(_broker.Get<BrokerHooks>().ClientAuthorize, request => request.Client.ClientId == "never");
        var watcher = await WatchAsync(5);
        for (var i = 0; i < 50; i++)
            await ConnectAsync(With($"plain-{i}", 5, 1));
        await ConnectAsync(With("never", 5, 1) with { ClientId = "never" });
        await StopAsync().WaitAsync(Patience.Long, TestContext.Current.CancellationToken); // its bound is 2 s; the machine may be slow
        for (var i = 0; i < 32; i++)
            await watcher.ExpectMessageAsync();
        await watcher.ExpectRefusedAsync(0x8B);
    }

    [Fact]
    public async Task No_will_comes_twice_and_none_after_a_disconnect()
    {
        var watcher = await WatchAsync(5);
        var leaving = await ConnectAsync(With("leaving", 5, 1));
        await leaving.DisconnectAsync();
        var options = With("dropping", 5, 1);
        var gone = _broker.GoneAsync(options.ClientId);
        var dropping = await ConnectAsync(options);
        await dropping.DropAsync();
        await gone;
        var received = ReceiveAllAsync(watcher);
        await StopAsync();
        Assert.Equal(["dropping"], await received);
        Assert.Empty(_broker.Get<SessionTable>().Connections);
    }

    private Task StopAsync() => _broker.Get<IMqttListeners>().ShutDownAsync(CancellationToken.None);

    private async Task<RawMqttClient> ConnectAsync(ConnectOptions options)
    {
        var client = await _broker.ConnectAsync(options);
        _clients.Add(client);
        return client;
    }

    private async Task<RawMqttClient> WatchAsync(byte version)
    {
        var watcher = await ConnectAsync(new ConnectOptions { Version = version });
        await watcher.SubscribeAsync(_topic, 2);
        return watcher;
    }

    private ConnectOptions With(string payload, byte version, int qos, uint delay = 0) => new()
    {
        Version = version,
        Properties = version == 5 && delay > 0 ? new PropertyList { { Property.SessionExpiryInterval, 2000 } } : [],
        Will = new Will(_topic, System.Text.Encoding.UTF8.GetBytes(payload))
        {
            Qos = qos, Properties = delay == 0 ? [] : new PropertyList { { Property.WillDelayInterval, delay } },
        },
    };

    /// <summary>The payloads of all that comes until the end; acknowledged as a client does.</summary>
    private static async Task<List<string>> ReceiveAllAsync(RawMqttClient watcher)
    {
        List<string> payloads = [];
        try
        {
            while (await watcher.ReadAsync() is { } packet)
            {
                if (packet.Type == PacketType.Publish)
                    payloads.Add(packet.PayloadText);
                if (packet.Type == PacketType.Publish && packet.Qos > 0)
                    await watcher.SendAsync(Packets.Ack(packet.Qos == 1 ? PacketType.Puback : PacketType.Pubrec, packet.PacketId));
                else if (packet.Type == PacketType.Pubrel)
                    await watcher.SendAsync(Packets.Ack(PacketType.Pubcomp, packet.PacketId));
                else if (packet.Type == PacketType.Disconnect)
                    Assert.Equal(0x8B, packet.ReasonCode);
            }
        }
        catch (Exception error) when (error is ExpectationException or IOException)
        {
            // The end.
        }

        return payloads;
    }
}
