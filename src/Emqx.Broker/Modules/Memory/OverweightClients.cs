using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Memory;

/// <summary>Tells of sessions that <c>force_shutdown</c> has ended, in one line a second: messages that waited in them are lost.</summary>
internal sealed class OverweightClients(SettingsRoot<ZoneSettings> zones, TimeProvider time, ILogger<OverweightClients> logger) : INodeModule
{
    private const string Reason = "force_shutdown";
    private readonly LineASecond _ended = new(time);

    public void Attach(BrokerHooks hooks) => hooks.SessionTerminated.Add(Tell);

    private void Tell(SessionTerminated told)
    {
        if (told.Reason != Reason || !_ended.IsDue(out var count))
            return;
        var client = told.Session.Client;
        MemoryLog.Overweight(logger, count, client.ClientId, zones.Current.Of(client.Zone).ForceShutdown.MaxHeapSize);
    }
}
