using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Users;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What the metrics tell of the authenticators of this node.</summary>
internal sealed class AuthenticatorCount(AuthnChain chain, AuthnUsers users)
{
    /// <summary>All of them, in the order in which they are asked.</summary>
    public IReadOnlyList<AuthenticatorReading> Read() =>
        [.. chain.Entries.Select(one => new AuthenticatorReading(one.Id, one.Entry.IsEnabled, one.Entry.Metrics.Read(), users.Of(one.Id)?.Count, BackendReading.Of(one.Entry.Instance)))];
}
