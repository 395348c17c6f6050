using Emqx.Broker.Hooks;
using Emqx.TestKit;

namespace Emqx.Benchmarks;

/// <summary>
/// A broker as Eclipse Paho's interoperability suite wants it: SUBSCRIBE to <c>test/nosubscribe</c> refused with 0x80, as many open QoS 2
/// publishes as CONNACK tells, and the given server keep alive. Prints its port and serves until standard input ends.
/// </summary>
internal static class InteropBroker
{
    public static async Task RunAsync(int serverKeepAlive)
    {
        await using var broker = await TestBroker.StartAsync(new() { MaxAwaitingRel = 32, ServerKeepAlive = serverKeepAlive });
        using var link = broker.Get<BrokerHooks>().ClientSubscribe.Add(attempt =>
        {
            if (attempt.Filter == "test/nosubscribe")
                attempt.ReasonCode = 0x80;
            return HookResult.Continue;
        });
        Console.WriteLine(broker.Tcp.Port);
        await Console.In.ReadToEndAsync();
    }
}
