using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authn;

/// <summary>What a client gets with being let in.</summary>
internal sealed record AuthnGrant
{
    public static readonly AuthnGrant Plain = new();

    /// <summary>It may publish and subscribe to everything.</summary>
    public bool IsSuperuser { get; init; }

    /// <summary>Attributes (EMQX's client_attrs) beside those it has; of one name the new one counts.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>When the credentials expire: the client is disconnected as not authorized then. Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What it may publish and subscribe to; null for nothing said.</summary>
    public IClientAcl? Acl { get; init; }

    /// <summary>The last word of enhanced authentication, for the client; null for none.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }
}
