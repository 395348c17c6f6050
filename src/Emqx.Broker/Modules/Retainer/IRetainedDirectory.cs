using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>Reads the retained messages.</summary>
internal interface IRetainedDirectory
{
    /// <summary>A page of the messages, in the order in which they were published.</summary>
    /// <param name="topic">A topic name or filter; null for all.</param>
    ValueTask<RetainedPage> ListAsync(string? topic, long skip, int limit, CancellationToken cancellation);

    /// <summary>The message of a topic name, or the first one that a filter selects; null where there is none.</summary>
    ValueTask<Message?> FindAsync(string topic, CancellationToken cancellation);
}

/// <summary>Clears retained messages. A completed task means that it is done on disk, too.</summary>
internal interface IRetainedControl
{
    /// <summary>Forgets the message of a topic name, or all that a filter selects. False: there was none.</summary>
    ValueTask<bool> DeleteAsync(string topic, CancellationToken cancellation);

    /// <summary>Forgets all messages.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>A page of retained messages.</summary>
/// <param name="Count">How many there are in all, expired ones that are not cleared yet too; null where a topic was asked for.</param>
/// <param name="HasNext">Another page follows.</param>
internal sealed record RetainedPage(IReadOnlyList<Message> Messages, long? Count, bool HasNext);
