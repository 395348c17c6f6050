using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>The alarms of all nodes.</summary>
internal interface IAlarmDirectory
{
    /// <summary>Active or past alarms, the newest first.</summary>
    ValueTask<IReadOnlyList<StoredAlarm>> ListAsync(bool active, CancellationToken cancellation);
}

/// <summary>Raises and ends alarms. Names are unique among the active alarms of a node.</summary>
internal interface IAlarmControl
{
    /// <summary>Raises an alarm of this node. False: it is active already, nothing changes.</summary>
    /// <param name="name">EMQX's name, <c>high_cpu_usage</c>, <c>connector:http:x</c>, …</param>
    /// <param name="details">JSON text of an object.</param>
    /// <param name="message">One sentence for people.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    ValueTask<bool> ActivateAsync(string name, string details, string message, CancellationToken cancellation);

    /// <summary>Ends an alarm, on whichever node it is active: it becomes a past one. False: there is none.</summary>
    ValueTask<bool> DeactivateAsync(string name, CancellationToken cancellation);

    /// <summary>Forgets the past alarms of all nodes.</summary>
    ValueTask ClearPastAsync(CancellationToken cancellation);
}
