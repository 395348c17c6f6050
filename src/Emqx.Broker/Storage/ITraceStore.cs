namespace Emqx.Broker.Storage;

/// <summary>Keeps what traces there are; their logs are files. A completed task means that the change is on disk.</summary>
internal interface ITraceStore
{
    /// <summary>Every trace, in the order in which they were made.</summary>
    ValueTask<IReadOnlyList<StoredTrace>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the trace, or replaces the one of the same name.</summary>
    ValueTask SaveAsync(StoredTrace trace, CancellationToken cancellation);

    /// <summary>Removes the trace; none: nothing.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Removes all traces.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>A trace as it is kept.</summary>
/// <param name="Type">clientid, topic, ip_address or ruleid.</param>
/// <param name="Filter">The client id, topic filter, address or rule, as text.</param>
/// <param name="PayloadEncode">text, hex or hidden.</param>
/// <param name="Formatter">text or json.</param>
/// <param name="StartAt">Unix seconds.</param>
/// <param name="EndAt">Unix seconds.</param>
/// <param name="Enable">Nobody has stopped it.</param>
internal sealed record StoredTrace(string Name, string Type, string Filter, string PayloadEncode, string Formatter, long StartAt, long EndAt, bool Enable);
