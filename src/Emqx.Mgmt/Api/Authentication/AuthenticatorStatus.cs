using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>Puts together what the nodes tell of an authenticator.</summary>
internal static class AuthenticatorStatus
{
    private const string Inconsistent = "inconsistent";

    /// <summary>The status of one.</summary>
    public static AuthenticatorStatusResponse Of(AuthenticatorFacts facts)
    {
        AuthenticatorNodeStatus[] status = [.. facts.Nodes.Select(static node => new AuthenticatorNodeStatus(node.Node, node.Value.Backend.Status.ToString().ToLowerInvariant()))];
        return new(Sum(facts.Nodes.Select(static node => node.Value.Metrics)), [], [.. facts.Nodes.Select(static node => new AuthenticatorNodeMetrics(Sum([node.Value.Metrics]), node.Node))],
            [.. facts.Nodes.Select(static node => new AuthenticatorNodeResourceMetrics(SumRequests([node.Value.Backend]), node.Node))], status,
            SumRequests(facts.Nodes.Select(static node => node.Value.Backend)), Array.TrueForAll(status, one => one.Status == status[0].Status) ? status[0].Status : Inconsistent);
    }

    private static AuthenticatorResourceMetrics SumRequests(IEnumerable<BackendReading> nodes)
    {
        EntryMetricsReading[] all = [.. nodes.Select(static node => node.Requests).OfType<EntryMetricsReading>()];
        return all.Length == 0 ? new() : new(all.Sum(static one => one.Negative), all.Sum(static one => one.Total), all.Sum(static one => one.Rate.Current),
            all.Sum(static one => one.Rate.Last5Minutes), all.Sum(static one => one.Rate.Max), all.Sum(static one => one.Positive));
    }

    private static AuthenticatorMetrics Sum(IEnumerable<EntryMetricsReading> readings) => readings.Aggregate(new AuthenticatorMetrics(0, 0, 0, 0, 0, 0, 0), static (sum, one) => new(
        sum.Failed + one.Negative, sum.Nomatch + one.NoMatch + one.Ignored, sum.Rate + one.Rate.Current, sum.RateLast5m + one.Rate.Last5Minutes, sum.RateMax + one.Rate.Max,
        sum.Success + one.Positive, sum.Total + one.Total));
}
