namespace Emqx.Broker.Storage;

/// <summary>Keeps the alarms, active and past. A completed task means that the change is on disk.</summary>
internal interface IAlarmStore
{
    /// <summary>Every alarm, by <see cref="StoredAlarm.Id"/>.</summary>
    ValueTask<IReadOnlyList<StoredAlarm>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the alarm, or replaces the one of the same id (so an active one becomes a past one).</summary>
    ValueTask SaveAsync(StoredAlarm alarm, CancellationToken cancellation);

    /// <summary>Removes the alarms of these ids.</summary>
    ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation);

    /// <summary>Removes all past alarms.</summary>
    ValueTask ClearPastAsync(CancellationToken cancellation);
}

/// <summary>An alarm as it is kept.</summary>
/// <param name="Id">Given by the caller, rising.</param>
/// <param name="Details">JSON text of the details object.</param>
/// <param name="ActivatedAt">Unix microseconds, as precise as the caller needs it.</param>
/// <param name="DeactivatedAt">The same unit; null: active.</param>
internal sealed record StoredAlarm(long Id, string Node, string Name, string Message, string Details, long ActivatedAt, long? DeactivatedAt);
