namespace Emqx.Broker.Access.Authn;

/// <summary>What an authenticator makes of a client.</summary>
internal enum AuthnOutcome
{
    /// <summary>It does not know the client: the next one is asked.</summary>
    Ignore,
    Allow,
    Deny,

    /// <summary>The client is to answer a question first (MQTT 5, 4.12).</summary>
    Continue,
}
