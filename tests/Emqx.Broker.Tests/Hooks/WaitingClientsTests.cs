using System.Globalization;
using Emqx.Broker.Hooks;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;
using ReasonCode = Emqx.Broker.Tests.Mqtt.ReasonCode;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>
/// Many clients that are kept waiting at once do not keep another one waiting. EMQX_WAITING_CLIENTS says how many; they need two
/// descriptors each.
/// </summary>
public sealed class WaitingClientsTests : IAsyncLifetime
{
    private static readonly int s_number = int.Parse(Environment.GetEnvironmentVariable("EMQX_WAITING_CLIENTS") ?? "500", CultureInfo.InvariantCulture);

    private readonly string _topic = Unique.Topic();
    private readonly List<RawMqttClient> _clients = [];
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(time: new ManualClock());

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private async Task OpenAllAsync(Func<RawMqttClient, Task> each)
    {
        for (var i = 0; i < s_number; i++)
        {
            var client = await _broker.OpenAsync();
            _clients.Add(client);
            await each(client);
        }
    }

    /// <summary>Another client connects, subscribes, publishes and pings: each is answered before any of those who wait is.</summary>
    private async Task ServeAnotherAsync()
    {
        await using var other = await _broker.ConnectAsync(new ConnectOptions { ClientId = Unique.Name("other"), Username = "other", KeepAlive = 0 });
        await other.SubscribeAsync($"{_topic}/other", 1);
        for (var i = 0; i < 20; i++)
        {
            await other.SendAsync(Packets.Publish(5, $"{_topic}/other", "x", 1, i + 1));
            Assert.Equal([PacketType.Publish, PacketType.Puback], new[] { (await other.ReadAsync()).Type, (await other.ReadAsync()).Type }.Order());
            await other.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Who_connects_at_once_does_not_wait_for_those_who_wait_to()
    {
        using var authenticating = new WaitingLink<AuthenticateRequest>(_broker.Get<BrokerHooks>().ClientAuthenticate, static request => request.Client.Username != "other");
        await OpenAllAsync(static client => client.SendAsync(new ConnectOptions { KeepAlive = 0 }.ToPacket()));
        await Eventually.TrueAsync(() => authenticating.Count == s_number, "all wait");
        await ServeAnotherAsync();
        Assert.DoesNotContain(_clients, static client => client.HasArrived);
        for (var i = 0; i < s_number; i++)
            (await authenticating.AskedAsync()).Answer(static request => request.Allowed = true);
        foreach (var client in _clients)
            Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        Assert.Empty(_broker.Errors.All);
    }

    [Fact]
    public async Task Who_publishes_does_not_wait_for_those_whose_messages_wait()
    {
        await OpenAllAsync(static async client => Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions { KeepAlive = 0 })).ReasonCode));
        using var publishing = new WaitingLink<PublishAttempt>(_broker.Get<BrokerHooks>().MessagePublish, attempt => attempt.Message.Topic == _topic);
        foreach (var client in _clients)
            await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "x", 1, 1), .. Packets.Ping]);
        await Eventually.TrueAsync(() => publishing.Count == s_number, "all wait");
        await ServeAnotherAsync();
        Assert.DoesNotContain(_clients, static client => client.HasArrived);
        for (var i = 0; i < s_number; i++)
            (await publishing.AskedAsync()).Answer();
        foreach (var client in _clients)
        {
            Assert.Equal(ReasonCode.NoMatchingSubscribers, (await client.ExpectAsync(PacketType.Puback)).ReasonCode);
            await client.ExpectAsync(PacketType.Pingresp);
        }

        Assert.Empty(_broker.Errors.All);
    }
}
