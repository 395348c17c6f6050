using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Protocol;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Prometheus;

/// <summary>Why connections have ended, by listener.</summary>
public sealed class ConnectionEndsTests
{
    private static IReadOnlyList<(string Labels, double Value)> Read(TestBroker broker) =>
        [.. broker.Get<ConnectionEnds>().Read().Ends.Select(end => (string.Join('|', end.Labels.Select(label => label.Value)), end.Value))];

    [Fact]
    public async Task A_connection_that_breaks_is_counted_and_one_that_says_goodbye_is_not()
    {
        await using var broker = await TestBroker.StartAsync();
        await EndAsync(broker, "one", saysGoodbye: false);
        await EndAsync(broker, "two", saysGoodbye: false);
        await EndAsync(broker, "three", saysGoodbye: true);
        Assert.Equal([("tcp|default|tcp_closed", 2.0)], Read(broker));
    }

    [Fact]
    public async Task A_refused_CONNECT_is_counted_by_its_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Get<BrokerHooks>().ClientConnect.Add(static attempt =>
        {
            attempt.ReasonCode = attempt.Client.ClientId == "banned" ? ReasonCode.Banned : ReasonCode.NotAuthorized;
            return HookResult.Stop;
        });
        foreach (var name in (string[])["banned", "other"])
        {
            await using var client = await broker.OpenAsync();
            Assert.NotEqual(0, (await client.ConnectAsync(new ConnectOptions { ClientId = name })).ReasonCode);
        }

        Assert.Equal([("tcp|default|banned", 1.0), ("tcp|default|not_authorized", 1.0)], Read(broker));
    }

    private static async Task EndAsync(TestBroker broker, string clientId, bool saysGoodbye)
    {
        var gone = broker.GoneAsync(clientId);
        var client = await broker.ConnectAsync(new ConnectOptions { ClientId = clientId });
        if (saysGoodbye)
            await client.DisconnectAsync();
        await client.DisposeAsync();
        await gone;
    }
}
