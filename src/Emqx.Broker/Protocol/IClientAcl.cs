namespace Emqx.Broker.Protocol;

/// <summary>What the credentials of a client say that it may publish and subscribe to (EMQX's acl of a token, or of an answer to its authentication).</summary>
internal interface IClientAcl
{
    /// <summary>Says whether the client may, or that somebody else decides. Asked before all sources, from many threads; answers at once.</summary>
    AuthzVerdict Check(AuthorizeRequest request);
}
