namespace Emqx.Broker.Access.Authn;

/// <summary>What an authenticator says of a client.</summary>
internal readonly record struct AuthnVerdict
{
    /// <summary>Nothing is said: the next authenticator is asked.</summary>
    public static readonly AuthnVerdict Ignore;

    public AuthnOutcome Outcome { get; private init; }

    /// <summary>The MQTT 5 code of a refusal.</summary>
    public byte ReasonCode { get; private init; }

    /// <summary>What a client that is let in gets with it.</summary>
    public AuthnGrant Grant { get; private init; }

    /// <summary>Authentication data for the client: the question.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>What the authenticator keeps until the client has answered.</summary>
    public object? State { get; private init; }

    public static AuthnVerdict Allow(AuthnGrant? grant = null) => new() { Outcome = AuthnOutcome.Allow, Grant = grant ?? AuthnGrant.Plain };

    public static AuthnVerdict Deny(byte reasonCode = Protocol.ReasonCode.BadUserNameOrPassword) =>
        new() { Outcome = AuthnOutcome.Deny, ReasonCode = reasonCode };

    /// <summary>Asks the client; its answer comes to the same authenticator, with the state.</summary>
    public static AuthnVerdict Continue(ReadOnlyMemory<byte> data, object? state) => new() { Outcome = AuthnOutcome.Continue, Data = data, State = state };
}
