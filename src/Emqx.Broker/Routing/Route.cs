namespace Emqx.Broker.Routing;

/// <summary>
/// Where messages to one topic go. A connection keeps it and asks <see cref="IsCurrent"/> before each use: only filters that
/// appear or vanish make it stale; subscribers come and go within its leaves.
/// </summary>
internal sealed class Route
{
    private readonly Router _router;
    private readonly Leaf[] _leaves;

    internal Route(Router router, Leaf[] leaves, int stripe, long exactVersion, long wildcardVersion)
    {
        _router = router;
        _leaves = leaves;
        Stripe = stripe;
        ExactVersion = exactVersion;
        WildcardVersion = wildcardVersion;
    }

    /// <summary>The filters that select the topic; empty where nobody subscribed.</summary>
    public ReadOnlySpan<Leaf> Leaves => _leaves;

    /// <summary>Whether the same topic would still match the same leaves. Costs two reads.</summary>
    public bool IsCurrent => _router.IsCurrent(this);

    internal int Stripe { get; }
    internal long ExactVersion { get; }
    internal long WildcardVersion { get; }
}
