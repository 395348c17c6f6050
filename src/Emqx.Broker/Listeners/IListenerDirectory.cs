using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Listeners;

/// <summary>The listeners, the same on all nodes, and their state on each node.</summary>
internal interface IListenerDirectory
{
    /// <summary>All listeners by id.</summary>
    ValueTask<IReadOnlyList<ListenerFacts>> ListAsync(CancellationToken cancellation);

    /// <summary>One listener, or null.</summary>
    ValueTask<ListenerFacts?> FindAsync(ListenerId id, CancellationToken cancellation);
}

/// <summary>Makes, changes and removes listeners. What has been done is on disk and in force.</summary>
internal interface IListenerControl
{
    /// <summary>Makes a listener and starts it, unless it is disabled. Nothing is left behind by a failure.</summary>
    ValueTask<ListenerOutcome> CreateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation);

    /// <summary>Changes a listener; fields left out stay. Applied at once; clients stay unless the address changes.</summary>
    ValueTask<ListenerOutcome> UpdateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation);

    /// <summary>Closes a listener and forgets it with its certificates.</summary>
    ValueTask<ListenerOutcome> DeleteAsync(ListenerId id, CancellationToken cancellation);

    /// <summary>Enables a listener and starts it; one that runs stays as it is.</summary>
    ValueTask<ListenerOutcome> StartAsync(ListenerId id, CancellationToken cancellation);

    /// <summary>Disables a listener and closes it with its connections.</summary>
    ValueTask<ListenerOutcome> StopAsync(ListenerId id, CancellationToken cancellation);

    /// <summary>Applies the configuration of a listener that runs, without dropping clients; starts one that does not.</summary>
    ValueTask<ListenerOutcome> RestartAsync(ListenerId id, CancellationToken cancellation);
}

/// <summary>How an order about a listener ended.</summary>
internal enum ListenerResult
{
    Done,
    Unknown,
    Exists,

    /// <summary>The configuration is wrong or cannot be put in force.</summary>
    Refused,
}

/// <param name="Reason">Of a refusal: EMQX's JSON text or a short text.</param>
internal readonly record struct ListenerOutcome(ListenerResult Result, string Reason = "")
{
    public static readonly ListenerOutcome Done = new(ListenerResult.Done);
    public static readonly ListenerOutcome Unknown = new(ListenerResult.Unknown);
    public static readonly ListenerOutcome Exists = new(ListenerResult.Exists);

    public static ListenerOutcome Refused(string reason) => new(ListenerResult.Refused, reason);
}

/// <summary>A listener: its configuration and its state by node.</summary>
/// <param name="Fields">As the API may show them: defaults filled in, secrets masked.</param>
internal sealed record ListenerFacts(ListenerId Id, ConfigObject Fields, ListenerSettings Settings, IReadOnlyList<NodeTagged<ListenerStatus>> Nodes)
{
    /// <summary>The state on all nodes together.</summary>
    public ListenerStatus Status => ListenerStatus.Sum([.. Nodes.Select(node => node.Value)]);
}

/// <summary>The state of a listener.</summary>
/// <param name="Running">Null where nodes differ (EMQX: inconsistent).</param>
/// <param name="MaxConnections">-1: infinity.</param>
internal readonly record struct ListenerStatus(bool? Running, long MaxConnections, long CurrentConnections)
{
    /// <summary>Several states as one.</summary>
    public static ListenerStatus Sum(IReadOnlyList<ListenerStatus> all)
    {
        var running = all[0].Running;
        long max = 0, current = 0;
        foreach (var one in all)
        {
            running = one.Running == running ? running : null;
            max = max < 0 || one.MaxConnections < 0 ? -1 : max + one.MaxConnections;
            current += one.CurrentConnections;
        }

        return new ListenerStatus(running, max, current);
    }
}
