namespace Emqx.Broker.Cluster;

/// <summary>Who belongs to the cluster.</summary>
internal interface IClusterControl
{
    /// <summary>The cluster's name, the same on all its nodes.</summary>
    string Name { get; }

    /// <summary>The invitations sent in the background, the newest first; a bounded number.</summary>
    IReadOnlyList<Invitation> Invitations { get; }

    /// <summary>Asks a node to join. Null: it has joined; else why not.</summary>
    ValueTask<string?> InviteAsync(string node, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Asks a node to join; the outcome shows in <see cref="Invitations"/>. Not null: why it was not even asked.</summary>
    string? InviteInBackground(string node);

    /// <summary>Removes a node. Null: done; else why not.</summary>
    ValueTask<string?> RemoveAsync(string node, CancellationToken cancellation);
}

/// <summary>An invitation to join the cluster.</summary>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="FinishedAt">Unix milliseconds; null while it is under way.</param>
/// <param name="Failure">Why it failed; null where it has not.</param>
internal sealed record Invitation(string Node, long StartedAt, long? FinishedAt, string? Failure);
