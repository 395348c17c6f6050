namespace Emqx.Broker.Storage;

/// <summary>Keeps the retained messages. A completed task means that the change is on disk.</summary>
internal interface IRetainedMessageStore
{
    /// <summary>Hands over every message, one by one, on a thread of the store's.</summary>
    ValueTask LoadAsync(Action<byte[]> each, CancellationToken cancellation);

    /// <summary>
    /// Makes several changes in one step: first forgets everything, where <paramref name="clears"/> says so, then puts each topic's message in
    /// the place of the one it had, or, with null, forgets that.
    /// </summary>
    ValueTask WriteAsync(bool clears, IReadOnlyCollection<KeyValuePair<string, byte[]?>> changes, CancellationToken cancellation);
}
