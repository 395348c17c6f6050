using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>Puts together what the nodes tell of an authenticator.</summary>
internal static class AuthenticatorStatus
{
    private const string Connected = "connected";

    /// <summary>The status of one.</summary>
    public static AuthenticatorStatusResponse Of(AuthenticatorFacts facts) => new(
        Sum(facts.Nodes.Select(static node => node.Value)), [], [.. facts.Nodes.Select(static node => new AuthenticatorNodeMetrics(Sum([node.Value]), node.Node))],
        [.. facts.Nodes.Select(static node => new AuthenticatorNodeResourceMetrics(new(), node.Node))],
        [.. facts.Nodes.Select(static node => new AuthenticatorNodeStatus(node.Node, Connected))], new(), Connected);

    private static AuthenticatorMetrics Sum(IEnumerable<EntryMetricsReading> readings) => readings.Aggregate(new AuthenticatorMetrics(0, 0, 0, 0, 0, 0, 0), static (sum, one) => new(
        sum.Failed + one.Negative, sum.Nomatch + one.NoMatch + one.Ignored, sum.Rate + one.Rate.Current, sum.RateLast5m + one.Rate.Last5Minutes, sum.RateMax + one.Rate.Max,
        sum.Success + one.Positive, sum.Total + one.Total));
}
