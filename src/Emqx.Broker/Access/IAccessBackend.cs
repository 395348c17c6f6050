namespace Emqx.Broker.Access;

/// <summary>What an authenticator or an authorization source is, too, that asks another system.</summary>
internal interface IAccessBackend
{
    /// <summary>How it stood when it was last asked.</summary>
    ResourceStatus Status { get; }

    /// <summary>What the other system was asked (total), and how often it has answered (positive) or not (negative).</summary>
    EntryMetrics ResourceMetrics { get; }

    /// <summary>Says how it stands now; asks where that was not found out a moment ago, for two seconds at most.</summary>
    ValueTask<ResourceStatus> CheckAsync(CancellationToken cancellation);
}
