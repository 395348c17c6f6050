namespace Emqx.Broker.Access.Authz;

/// <summary>What an authorization source says of a topic.</summary>
internal enum AuthzVerdict
{
    /// <summary>No rule matches: the next source is asked.</summary>
    NoMatch,
    Allow,
    Deny,
}
