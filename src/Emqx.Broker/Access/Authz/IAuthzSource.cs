using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz;

/// <summary>
/// One body of rules on who may publish and subscribe to what: one for each entry of <c>authorization.sources</c>. It is made when a
/// configuration names it, connects to nothing before it is first asked, and is disposed when the entry goes or changes.
/// </summary>
internal interface IAuthzSource : IAsyncDisposable
{
    /// <summary>Says whether the client may, or that no rule matches. Asked by many connections at once; may take its time, while only that client waits.</summary>
    ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation);
}
