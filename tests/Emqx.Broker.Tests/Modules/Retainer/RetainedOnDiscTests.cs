using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Retainer;

/// <summary>Retained messages with <c>storage_type</c> disc: what is acknowledged is in storage, and storage is what a start finds.</summary>
public sealed class RetainedOnDiscTests
{
    private readonly HeldStore _storage = new();
    private readonly SettingsRoot<RetainerSettings> _settings = new(new RetainerSettings { IsOnDisc = true });

    private Task<TestBroker> StartAsync() => TestBroker.StartAsync(configure: services => services
        .AddSingleton<IRetainedMessageStore>(_storage).AddSingleton(_settings));

    private async Task<List<string>> StoredAsync()
    {
        var found = new List<string>();
        await _storage.LoadAsync(packed => found.Add(RetainedMessage.Unpack(packed)!.Topic), TestContext.Current.CancellationToken);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    [Theory, InlineData(1, PacketType.Puback), InlineData(2, PacketType.Pubrec)]
    public async Task The_acknowledgement_of_a_retained_message_waits_for_storage_and_nothing_else_does(int qos, PacketType acknowledgement)
    {
        await using var broker = await StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var other = await broker.ConnectAsync();
        _storage.Hold(true);
        await client.SendAsync(Packets.Publish(5, "kept", "x", qos, id: 7, retain: true));
        await Eventually.TrueAsync(() => _storage.Writes == 1, "it is written");
        Assert.Equal(0x10, await other.PublishAsync("plain", qos: 1));
        Assert.Equal(0, await other.PublishAsync("kept/0", qos: 0, retain: true));
        Assert.False(client.HasArrived);
        _storage.Hold(false);
        await client.ExpectAsync(acknowledgement);
        Assert.Contains("kept", await StoredAsync());
    }

    [Fact]
    public async Task Publishers_that_wait_together_share_a_write()
    {
        await using var broker = await StartAsync();
        _storage.Hold(true);
        await using var first = await broker.ConnectAsync();
        await first.SendAsync(Packets.Publish(5, "first", "x", 1, id: 1, retain: true));
        await Eventually.TrueAsync(() => _storage.Writes == 1, "the first is written");
        var clients = new List<RawMqttClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await broker.ConnectAsync());
            await clients[i].SendAsync(Packets.Publish(5, $"t/{i}", "x", 1, id: 1, retain: true));
        }

        await Eventually.TrueAsync(() => broker.Get<RetainedStore>().Count == 21, "all have come");
        _storage.Hold(false);
        foreach (var client in clients)
        {
            await client.ExpectAsync(PacketType.Puback);
            await client.DisposeAsync();
        }

        Assert.InRange(_storage.Writes, 2, 3);
    }

    [Fact]
    public async Task A_restart_finds_what_was_kept_replaced_and_cleared()
    {
        await using (var broker = await StartAsync())
        {
            await using var client = await broker.ConnectAsync(new ConnectOptions { Username = "ann" });
            foreach (var topic in (string[])["a", "b", "c/1", "c/2"])
                await client.PublishAsync(topic, "old", qos: 1, retain: true);
            await client.PublishAsync("a", "new", qos: 1, retain: true);
            await client.PublishAsync("b", "", qos: 1, retain: true);
            Assert.True(await broker.Get<IRetainedControl>().DeleteAsync("c/+", TestContext.Current.CancellationToken));
            await client.PublishAsync("short", "x", qos: 1, retain: true, properties: new PropertyList { { Property.MessageExpiryInterval, 0 } });
        }

        await using var again = await StartAsync();
        Assert.Equal(1, again.Get<RetainedStore>().Count);
        await using var reader = await again.ConnectAsync();
        await reader.SubscribeAsync("#", 1);
        var message = await reader.ExpectMessageAsync(acknowledge: true);
        Assert.Equal(("a", "new", true, 1), (message.Topic, message.PayloadText, message.Retain, message.Qos));
        await reader.ExpectNothingAsync();
        Assert.Equal("ann", again.Get<RetainedStore>().Find("a")!.FromUsername);
    }

    [Fact]
    public async Task A_stop_writes_what_nobody_was_told_is_written()
    {
        await using (var broker = await StartAsync())
        {
            await using var client = await broker.ConnectAsync();
            for (var i = 0; i < 100; i++)
                await client.PublishAsync($"t/{i}", qos: 0, retain: true);
        }

        Assert.Equal(100, (await StoredAsync()).Count);
    }

    [Fact]
    public async Task A_message_that_cannot_be_written_is_acknowledged_as_failed_and_tried_again()
    {
        await using var broker = await StartAsync();
        await using var client = await broker.ConnectAsync();
        _storage.IsBroken = true;
        Assert.Equal(0x80, await client.PublishAsync("kept", "x", qos: 1, retain: true));
        Assert.Equal(0x10, await client.PublishAsync("plain", "x", qos: 1));
        await Assert.ThrowsAsync<IOException>(async () => await broker.Get<IRetainedControl>().DeleteAsync("nosuch", TestContext.Current.CancellationToken));
        _storage.IsBroken = false;
        Assert.Equal(0x10, await client.PublishAsync("later", "x", qos: 1, retain: true));
        Assert.Equal(["kept", "later"], await StoredAsync());
    }

    [Fact]
    public async Task What_one_storage_has_is_not_carried_over_to_the_other()
    {
        await using var broker = await StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync("disc", qos: 1, retain: true);
        _settings.Replace(new RetainerSettings());
        Assert.Equal(0, broker.Get<RetainedStore>().Count);
        await client.PublishAsync("ram", qos: 1, retain: true);
        await broker.Get<RetainedJournal>().WrittenAsync();
        Assert.Empty(await StoredAsync());
        _settings.Replace(new RetainerSettings { IsOnDisc = true });
        Assert.Equal(0, broker.Get<RetainedStore>().Count);
        await client.PublishAsync("again", qos: 1, retain: true);
        Assert.Equal(["again"], await StoredAsync());
    }

    [Fact]
    public async Task A_start_with_ram_forgets_what_an_earlier_run_has_stored()
    {
        await using (var broker = await StartAsync())
        {
            await using var client = await broker.ConnectAsync();
            await client.PublishAsync("kept", qos: 1, retain: true);
        }

        _settings.Replace(new RetainerSettings());
        await using var ram = await StartAsync();
        Assert.Equal(0, ram.Get<RetainedStore>().Count);
        await ram.Get<RetainedJournal>().WrittenAsync();
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task What_the_node_says_of_itself_is_not_stored()
    {
        await using var broker = await StartAsync();
        broker.Get<RetainedStore>().Apply(Message.Create("$SYS/brokers", "x"u8.ToArray(), "emqx_sys", 1, retain: true, isSystem: true));
        await broker.Get<RetainedJournal>().WrittenAsync();
        Assert.Equal(1, broker.Get<RetainedStore>().Count);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task A_full_journal_stops_publishers_not_messages()
    {
        var journal = new RetainedJournal(_storage, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RetainedJournal>.Instance);
        var large = new RetainedMessage(Message.Create("t", new byte[1 << 20], "c", 1), 0);
        for (var i = 0; i < 15; i++)
            journal.Note($"t/{i}", large);
        Assert.True(journal.HasRoom);
        journal.Note("t/0", large);
        Assert.True(journal.HasRoom);
        journal.Note("t/15", large);
        Assert.False(journal.HasRoom);
        journal.Note("t/15", null);
        Assert.True(journal.HasRoom);
        using var stop = new CancellationTokenSource();
        var running = journal.RunAsync(stop.Token);
        Assert.True(await journal.WrittenAsync());
        await stop.CancelAsync();
        await running;
    }
}
