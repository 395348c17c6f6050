namespace Emqx.Broker.Protocol;

/// <summary>What a body of rules says of a client's access to a topic.</summary>
internal enum AuthzVerdict
{
    /// <summary>No rule matches: somebody else is asked.</summary>
    NoMatch,
    Allow,
    Deny,

    /// <summary>It could not say, or did not want to: somebody else is asked, and it is counted as passed over.</summary>
    Ignore,
}
