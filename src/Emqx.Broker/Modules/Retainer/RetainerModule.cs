using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>Retained messages as a part of the node.</summary>
internal sealed class RetainerModule(RetainedStore store) : INodeModule
{
    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        store.Clear();
        return ValueTask.CompletedTask;
    }

    public void ReadGauges(ref NodeGauges gauges) => gauges.Retained = store.Count;
}
