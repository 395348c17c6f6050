namespace Emqx.Broker.Access.Authz;

/// <summary>The root <c>authorization</c>, without its sources.</summary>
internal sealed record AuthorizationSettings
{
    /// <summary>What becomes of a request that no source decides.</summary>
    public NoMatch NoMatch { get; init; }

    /// <summary>What becomes of a client that is denied something.</summary>
    public DenyAction DenyAction { get; init; }

    public AuthorizationCacheSettings Cache { get; init; } = new();
}

/// <summary>What connections remember of decisions.</summary>
internal sealed record AuthorizationCacheSettings
{
    public bool Enable { get; init; } = true;

    /// <summary>Decisions a connection.</summary>
    public int MaxSize { get; init; } = 32;

    /// <summary>How long one counts, milliseconds.</summary>
    public long Ttl { get; init; } = 60_000;

    /// <summary>Decisions on topics that one of these filters selects are not remembered.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];
}

/// <summary>What becomes of a request that no source decides.</summary>
internal enum NoMatch
{
    Allow,
    Deny,
}

/// <summary>What becomes of a client that is denied something.</summary>
internal enum DenyAction
{
    /// <summary>It is told, and stays.</summary>
    Ignore,

    /// <summary>Its connection ends.</summary>
    Disconnect,
}
