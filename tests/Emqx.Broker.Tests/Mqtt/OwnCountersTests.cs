using Emqx.Broker.Metrics;
using Emqx.Broker.Sessions;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>What a client itself is counted for, and how the end of its session is.</summary>
public sealed class OwnCountersTests
{
    [Theory]
    [InlineData(4), InlineData(5)]
    public async Task CONNECT_and_CONNACK_count_as_a_clients_own(byte version)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync(ConnectOptions.Lasting("counted", version));
        Assert.Equal((1L, 1L), (Of(broker).ReceivedPackets, Of(broker).SentPackets));
        Assert.True(Of(broker).ReceivedBytes > 14 && Of(broker).SentBytes >= 4);
        await client.SubscribeAsync("a", 1);
        Assert.Equal((2L, 2L), (Of(broker).ReceivedPackets, Of(broker).SentPackets));

        await using var newer = await broker.OpenAsync(version);
        Assert.True((await newer.ConnectAsync(ConnectOptions.Lasting("counted", version))).SessionPresent);
        await newer.ExpectNothingAsync();
        Assert.Equal((2L, 2L), (Of(broker).ReceivedPackets, Of(broker).SentPackets));
    }

    [Fact]
    public async Task A_session_that_is_discarded_is_not_terminated_as_well()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var older = await broker.ConnectAsync(ConnectOptions.Lasting("again", 5));
        await using var newer = await broker.ConnectAsync(new ConnectOptions { ClientId = "again" });
        var counts = MetricsSnapshot.Of(broker.Services.GetRequiredService<Counters>());
        Assert.Equal((2, 1, 0), (counts[Metric.SessionCreated], counts[Metric.SessionDiscarded], counts[Metric.SessionTerminated]));
    }

    private static SessionCounters Of(TestBroker broker) => broker.Services.GetRequiredService<SessionTable>().Find("counted")!.Counters;
}
