using Emqx.Broker.Metrics;

namespace Emqx.Broker.Hooks;

/// <summary>
/// A part of the node that the core does not know. The node leads all its modules through life in this order: attach, load, then run and
/// tick until it stops. Each step has a default, so that a module writes down only what it does.
/// </summary>
internal interface INodeModule
{
    /// <summary>Hangs itself on what happens in the broker. Nothing has happened yet, and nothing is loaded.</summary>
    void Attach(BrokerHooks hooks)
    {
    }

    /// <summary>Takes over what storage has kept, before any listener opens. A module that throws keeps the node from starting.</summary>
    ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Work that goes on beside the clients, until the node stops: mostly a <see cref="WorkQueue{T}"/>.</summary>
    Task RunAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Work that is done by the clock: looked at once a second, decides itself whether it is due.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="cancellation">The node is stopping.</param>
    ValueTask TickAsync(long now, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Forgets all that it has gathered, in memory and in storage, as if the node had just been made. Settings stay.</summary>
    ValueTask ResetAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Fills in the table sizes that it knows: O(1), without locks that are held for long.</summary>
    void ReadGauges(ref NodeGauges gauges)
    {
    }
}
