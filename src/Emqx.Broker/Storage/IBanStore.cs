namespace Emqx.Broker.Storage;

/// <summary>Keeps the bans. A completed task means that the change is on disk.</summary>
internal interface IBanStore
{
    /// <summary>Every ban, expired ones too.</summary>
    ValueTask<IReadOnlyList<StoredBan>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the ban, or replaces the one of the same kind and target.</summary>
    ValueTask SaveAsync(StoredBan ban, CancellationToken cancellation);

    /// <summary>Lifts the ban; none: nothing.</summary>
    ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation);

    /// <summary>Removes the bans that ended before the given time (Unix seconds).</summary>
    ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation);

    /// <summary>Lifts all bans.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>A ban as it is kept.</summary>
/// <param name="As">clientid, username, peerhost, clientid_re, username_re or peerhost_net.</param>
/// <param name="Who">The value or pattern, as text.</param>
/// <param name="At">Unix seconds.</param>
/// <param name="Until">Unix seconds; null: infinity.</param>
internal sealed record StoredBan(string As, string Who, string By, string Reason, long At, long? Until);
