using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Who takes nothing raises an alarm.</summary>
public sealed class CongestionAlarmTests
{
    private readonly string _topic = Unique.Topic();

    [Fact]
    public async Task A_client_that_takes_nothing_raises_an_alarm_until_it_has_left()
    {
        await using var broker = await TestBroker.StartAsync();
        var options = new ConnectOptions { ClientId = Unique.Name("slow"), Username = "slow" };
        var alarms = broker.Get<IAlarmDirectory>();
        await using (var stuck = await StuckAsync(broker, options))
        {
            await Eventually.TrueAsync(() => Congested(alarms).Count == 1, "an alarm");
            var raised = Congested(alarms)[0];
            Assert.Equal($"conn_congestion/{options.ClientId}/slow", raised.Name);
            Assert.StartsWith("connection congested: ", raised.Message, StringComparison.Ordinal);
            Assert.Contains($"\"clientid\":\"{options.ClientId}\"", raised.Details, StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(() => Congested(alarms).Count == 0, "its end");
    }

    [Fact]
    public async Task Where_alarms_are_off_there_is_none()
    {
        await using var broker = await TestBroker.StartAsync();
        var zone = broker.Get<SettingsRoot<ZoneSettings>>();
        zone.Replace(zone.Current with { ConnCongestion = new(EnableAlarm: false) });
        var (off, on) = (new ConnectOptions { ClientId = Unique.Name("slow") }, new ConnectOptions { ClientId = Unique.Name("slow") });
        await using var first = await StuckAsync(broker, off);
        await first.DisposeAsync();
        zone.Replace(zone.Current with { ConnCongestion = new() });
        await using var second = await StuckAsync(broker, on);
        var alarms = broker.Get<IAlarmDirectory>();
        await Eventually.TrueAsync(() => Congested(alarms).Count > 0, "an alarm");
        Assert.Contains(on.ClientId!, Assert.Single(Congested(alarms)).Name, StringComparison.Ordinal);
        Assert.Empty(Congested(alarms, active: false));
    }

    private static List<StoredAlarm> Congested(IAlarmDirectory alarms, bool active = true)
    {
        var list = alarms.ListAsync(active, default).AsTask(); // in memory: done at once
        return [.. list.GetAwaiter().GetResult().Where(static alarm => alarm.Name.StartsWith("conn_congestion", StringComparison.Ordinal))];
    }

    private async Task<RawMqttClient> StuckAsync(TestBroker broker, ConnectOptions options)
    {
        var stuck = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await stuck.SendAsync(options.ToPacket());
        await stuck.SendAsync(Packets.Subscribe(5, 1, null, (_topic, 0)));
        await using var publisher = await broker.ConnectAsync();
        for (var i = 0; i < 100; i++)
            await publisher.PublishAsync(_topic, new string('x', 64 * 1024));
        return stuck;
    }
}
