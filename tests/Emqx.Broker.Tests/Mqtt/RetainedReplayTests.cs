using Emqx.Broker.Clients;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Retained messages come to whoever reads, all of them, and wait in the store for whoever does not.</summary>
public sealed class RetainedReplayTests
{
    private const int Many = 5000;

    private readonly byte[] _payload = new byte[1000];

    private async Task<TestBroker> StartAsync(int count = Many, byte qos = 0)
    {
        var broker = await TestBroker.StartAsync(configure: static services =>
            services.AddSingleton(new SettingsRoot<RetainerSettings>(new RetainerSettings { DeliveryRate = -1 })));
        var store = broker.Get<RetainedStore>();
        for (var i = 0; i < count; i++)
            store.Apply(Message.Create($"kept/{i % 10}/{i}", _payload, "p", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), qos, retain: true));
        return broker;
    }

    private static async Task<HashSet<string>> ReadAsync(RawMqttClient client, int count, Func<ReceivedPacket, Task>? each = null)
    {
        var topics = new HashSet<string>();
        while (topics.Count < count)
        {
            var message = await client.ExpectMessageAsync(acknowledge: true);
            if (message.Retain)
                Assert.True(topics.Add(message.Topic), $"{message.Topic} came twice");
            if (each is not null)
                await each(message);
        }

        return topics;
    }

    [Theory, InlineData(0, 0, "kept/#"), InlineData(1, 1, "kept/+/+"), InlineData(1, 2, "#")]
    public async Task All_of_them_reach_a_client_that_reads(byte published, byte options, string filter)
    {
        await using var broker = await StartAsync(qos: published);
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(filter, options);
        await ReadAsync(client, Many);
        await client.ExpectNothingAsync();
        Assert.Equal(0, broker.Get<SessionTable>().Find(ClientIdOf(broker))!.MqueueDropped);
    }

    [Fact]
    public async Task Several_filters_come_one_after_the_other_and_each_once()
    {
        await using var broker = await StartAsync(1000);
        await using var client = await broker.ConnectAsync();
        var filters = Enumerable.Range(0, 10).Select(i => ($"kept/{i}/+", (byte)0)).ToArray();
        await client.SubscribeAsync(null, [.. filters, .. filters]);
        await ReadAsync(client, 1000);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Live_messages_find_their_way_beside_them()
    {
        await using var broker = await StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(null, ("kept/#", 0), ("live", 1));
        var publisher = broker.Get<Publisher>();
        var live = 0;
        var sent = 0;
        await ReadAsync(client, Many, message =>
        {
            live += message.Topic == "live" ? 1 : 0;
            if (message.Retain && sent < 300)
                publisher.Publish(Message.Create("live", new byte[8], "p", 0, (byte)(sent++ % 2)));
            return Task.CompletedTask;
        });
        while (live < 300)
            live += (await client.ExpectMessageAsync(acknowledge: true)).Topic == "live" ? 1 : 0;
    }

    [Fact]
    public async Task A_client_that_does_not_read_keeps_little_and_gets_the_rest_when_it_does()
    {
        await using var broker = await StartAsync(20_000);
        await using var client = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await client.SendAsync(new ConnectOptions().ToPacket());
        await client.SendAsync(Packets.Subscribe(5, 1, null, ("kept/#", 0)));
        await using var other = await broker.ConnectAsync();
        await Eventually.TrueAsync(() => broker.Get<Router>().SubscriptionCount == 1, "it has subscribed");
        await other.ExpectNothingAsync();
        var table = broker.Get<SessionTable>();
        var waiting = table.Connections.OfType<Broker.Mqtt.Connection>().Max(static connection => connection.Outbox.Waiting);
        Assert.InRange(waiting, 0, 512 * 1024);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_the_rest()
    {
        await using var broker = await StartAsync(20_000);
        var id = Unique.Name("c");
        await using (var client = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096))
        {
            await client.SendAsync(ConnectOptions.Lasting(id).ToPacket());
            await client.SendAsync(Packets.Subscribe(5, 1, null, ("kept/#", 0)));
            await Eventually.TrueAsync(() => broker.Get<SessionTable>().Find(id)?.Backlog is not null, "its messages are on their way");
        }

        await using var back = await broker.OpenAsync();
        Assert.True((await back.ConnectAsync(ConnectOptions.Lasting(id) with { Clean = false })).SessionPresent);
        await ReadAsync(back, 5_000);
        broker.Get<RetainedStore>().Clear();
    }

    [Fact]
    public async Task What_is_cleared_or_replaced_meanwhile_does_not_come_as_it_was()
    {
        await using var broker = await StartAsync(qos: 1);
        var store = broker.Get<RetainedStore>();
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = new PropertyList { { Property.ReceiveMaximum, 1 } } });
        await client.SubscribeAsync("kept/#", 1);
        var first = await client.ExpectMessageAsync();
        store.Clear();
        await client.AcknowledgeAsync(first);
        await Eventually.TrueAsync(() => broker.Get<SessionTable>().Find(ClientIdOf(broker))!.Backlog is null, "nothing is on its way any more");
        await client.ExpectNothingAsync();
    }

    [Theory, InlineData("kept/#", 500, 0), InlineData("kept/7/7", 1, 0), InlineData("kept/+/+", 1000, Many - 1000)]
    public async Task A_subscription_that_the_API_makes_for_a_client_that_is_away_fills_its_queue_at_once(string filter, int queued, int dropped)
    {
        await using var broker = await StartAsync(filter == "kept/#" ? queued : Many, qos: 1);
        var id = Unique.Name("c");
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(id)))
            await client.DisconnectAsync();
        await Eventually.TrueAsync(() => !broker.Get<SessionTable>().Connections.Any(), "it has left");
        var session = broker.Get<SessionTable>().Find(id)!;
        Assert.Equal(1, broker.Get<ISessionActions>().Subscribe(session, filter, new SubscriptionOptions(1, false, false, 0, 0)));
        Assert.InRange(session.MqueueLength, Math.Min(queued, 500), queued);
        await Eventually.TrueAsync(() => session.MqueueLength == queued && session.MqueueDropped == dropped, "what the queue has no room for is dropped");
        await using var back = await broker.OpenAsync();
        Assert.True((await back.ConnectAsync(ConnectOptions.Lasting(id) with { Clean = false })).SessionPresent);
        await ReadAsync(back, queued);
        await back.ExpectNothingAsync();
    }

    private static string ClientIdOf(TestBroker broker) => broker.Get<SessionTable>().Connections.Single().Client!.ClientId;
}
