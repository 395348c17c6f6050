using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz;

/// <summary>A source whose rules are at hand: it answers at once, without anything being allocated on the way.</summary>
internal interface ILocalAuthzSource : IAuthzSource
{
    /// <summary>How many rules it has, where it counts them as EMQX does.</summary>
    int RuleCount { get; }

    /// <summary>Says whether the client may, or that no rule matches. Asked by many connections at once.</summary>
    AuthzVerdict Check(AuthorizeRequest request);

    ValueTask<AuthzVerdict> IAuthzSource.AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation) => new(Check(request));
}
