using Emqx.Broker.Protocol;

namespace Emqx.Broker.Hooks;

/// <summary>Who has spoken of a client's credentials.</summary>
internal enum AuthenticationStage
{
    /// <summary>The listener, before anybody was asked.</summary>
    Listener,

    /// <summary>One authenticator.</summary>
    Authenticator,

    /// <summary>All of them together.</summary>
    Chain,
}

/// <summary>What was said of a client's credentials.</summary>
internal enum AuthenticationWord
{
    Ignored,

    /// <summary>It could not be said.</summary>
    Failed,
    Allowed,
    Refused,

    /// <summary>The client is to answer first.</summary>
    Continued,
}

/// <summary>A step of the way to the verdict on a client's credentials.</summary>
/// <param name="Authenticator">EMQX's id of the one that has spoken, <c>password_based:built_in_database</c>; empty where it was none.</param>
/// <param name="ReasonCode">Of a refusal, MQTT 5's.</param>
/// <param name="IsSuperuser">Of a client that is let in.</param>
internal readonly record struct AuthenticationStep(ClientInfo Client, AuthenticationStage Stage, AuthenticationWord Word, string Authenticator = "", byte ReasonCode = 0, bool IsSuperuser = false);
