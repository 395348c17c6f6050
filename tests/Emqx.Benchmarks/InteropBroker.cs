using Emqx.Broker.Hooks;
using Emqx.TestKit;

namespace Emqx.Benchmarks;

/// <summary>
/// A broker as Eclipse Paho's interoperability suite wants it: server keep alive 60, SUBSCRIBE to <c>test/nosubscribe</c> refused.
/// Prints its port and serves until standard input ends.
/// </summary>
internal static class InteropBroker
{
    public static async Task RunAsync()
    {
        await using var broker = await TestBroker.StartAsync(new() { ServerKeepAlive = 60 });
        using var link = broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            if (!request.IsPublish && request.Topic == "test/nosubscribe")
                request.Verdict = false;
            return HookResult.Continue;
        });
        Console.WriteLine(broker.Tcp.Port);
        await Console.In.ReadToEndAsync();
    }
}
