using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Cluster;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>EMQX's types of authorization sources, whether there are any here or not.</summary>
internal enum AuthzSourceName
{
    File,
    BuiltInDatabase,
    Http,
    Redis,
    Mysql,
    Postgresql,
    Mongodb,
    Ldap,
}

/// <summary>EMQX's words for <see cref="AuthzSourceName"/>.</summary>
internal static class AuthzSourceNames
{
    private static readonly Dictionary<AuthzSourceName, string> s_words =
        Enum.GetValues<AuthzSourceName>().ToDictionary(static one => one, static one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()));

    /// <summary>EMQX's word.</summary>
    public static string Word(this AuthzSourceName name) => s_words[name];
}

/// <summary>Which source is meant.</summary>
/// <param name="Type">Its type.</param>
internal sealed record AuthzSourcePath(AuthzSourceName Type) : IPathValues<AuthzSourcePath>;

/// <summary>An authorization source: <c>type</c>, <c>enable</c>, and what its type has beside.</summary>
[Kind(typeof(AuthzSourceBodyKind))]
internal sealed record AuthzSourceRequest(ConfigObject Fields) : IJsonBody<AuthzSourceRequest>
{
    /// <summary>Its type.</summary>
    [JsonIgnore]
    public string Type => Fields[AuthzSourcesKind.Type] is ConfigText type ? type.Text : "";
}

/// <summary>One of the types of the catalogue; a file's rules are read when the change is made.</summary>
internal sealed class AuthzSourceBodyKind : ConfigBodyKind
{
    private static readonly UnionKind s_types = new([AuthzSourcesKind.Type],
        AuthzSourceCatalogue.All.Entries.Select(static type => (type.Type, type.ApiKind)), AuthzSourcesKind.ProblemOf);

    public override ValueKind Shape => s_types;
}

/// <summary>Where a source is to stand.</summary>
/// <param name="Position"><c>front</c>, <c>rear</c>, <c>before:TYPE</c> or <c>after:TYPE</c>.</param>
internal sealed record AuthzPositionRequest(string Position) : IJsonBody<AuthzPositionRequest>;

/// <summary>A source in a new order.</summary>
/// <param name="Type">Its type.</param>
internal sealed record AuthzOrderRequest(AuthzSourceName Type);

/// <summary>An authorization source: <c>type</c>, <c>enable</c>, and what its type has beside.</summary>
internal sealed class AuthzSourceResponse : Dictionary<string, JsonElement>;

/// <summary>The authorization sources.</summary>
/// <param name="Sources">In the order in which they are asked.</param>
internal sealed record AuthzSourcesResponse(IReadOnlyList<AuthzSourceResponse> Sources);

/// <summary>How a source does.</summary>
/// <param name="Metrics">What it was asked and has said, on all nodes.</param>
/// <param name="NodeError">Nodes that could not tell.</param>
/// <param name="NodeMetrics">The same by node.</param>
/// <param name="NodeResourceMetrics">What was sent to another system, by node.</param>
/// <param name="NodeStatus">Whether it works, by node.</param>
/// <param name="ResourceMetrics">What was sent to another system, on all nodes; empty where there is none.</param>
/// <param name="Status"><c>connected</c>, <c>connecting</c>, <c>disconnected</c> or <c>inconsistent</c>.</param>
internal sealed record AuthzStatusResponse(
    AuthzMetrics Metrics,
    IReadOnlyList<AuthzNodeError> NodeError,
    IReadOnlyList<AuthzNodeMetrics> NodeMetrics,
    IReadOnlyList<AuthzNodeResourceMetrics> NodeResourceMetrics,
    IReadOnlyList<AuthzNodeStatus> NodeStatus,
    AuthzResourceMetrics ResourceMetrics,
    string Status)
{
    private const string Inconsistent = "inconsistent";

    /// <summary>What the API shows of a source on its nodes.</summary>
    public static AuthzStatusResponse From(IReadOnlyList<NodeTagged<AuthzSourceState>> nodes)
    {
        var all = nodes.Select(static node => AuthzMetrics.From(node.Value.Metrics)).ToArray();
        AuthzNodeStatus[] status = [.. nodes.Select(static node => new AuthzNodeStatus(node.Node, node.Value.Backend.Status.ToString().ToLowerInvariant()))];
        return new(AuthzMetrics.Sum(all), [], [.. nodes.Zip(all, static (node, metrics) => new AuthzNodeMetrics(metrics, node.Node))],
            [.. nodes.Select(static node => new AuthzNodeResourceMetrics(AuthzResourceMetrics.Sum([node.Value.Backend.Requests]), node.Node))], status,
            AuthzResourceMetrics.Sum([.. nodes.Select(static node => node.Value.Backend.Requests)]),
            Array.TrueForAll(status, one => one.Status == status[0].Status) ? status[0].Status : Inconsistent);
    }
}

/// <summary>What a source was asked and has said.</summary>
/// <param name="Allow">Allowed.</param>
/// <param name="Deny">Denied.</param>
/// <param name="Ignore">Not said: another system could not or would not.</param>
/// <param name="Nomatch">No rule matched.</param>
/// <param name="Rate">Questions a second.</param>
/// <param name="RateLast5m">Mean of the last five minutes.</param>
/// <param name="RateMax">The highest.</param>
/// <param name="Total">Questions.</param>
internal sealed record AuthzMetrics(long Allow, long Deny, long Ignore, long Nomatch, double Rate,
    [property: JsonPropertyName("rate_last5m")] double RateLast5m, double RateMax, long Total)
{
    /// <summary>What a node has counted.</summary>
    public static AuthzMetrics From(EntryMetricsReading read) => new(read.Positive, read.Negative, read.Ignored, read.NoMatch,
        Math.Round(read.Rate.Current, 1), Math.Round(read.Rate.Last5Minutes, 1), Math.Round(read.Rate.Max, 1), read.Total);

    /// <summary>What several nodes have counted.</summary>
    public static AuthzMetrics Sum(IReadOnlyList<AuthzMetrics> all) => new(all.Sum(static one => one.Allow), all.Sum(static one => one.Deny), all.Sum(static one => one.Ignore),
        all.Sum(static one => one.Nomatch), all.Sum(static one => one.Rate), all.Sum(static one => one.RateLast5m), all.Sum(static one => one.RateMax), all.Sum(static one => one.Total));
}

/// <summary>What was sent to another system; empty where there is none.</summary>
/// <param name="Failed">Failed.</param>
/// <param name="Matched">Asked for.</param>
/// <param name="Rate">A second.</param>
/// <param name="RateLast5m">Mean of the last five minutes.</param>
/// <param name="RateMax">The highest.</param>
/// <param name="Success">Answered.</param>
internal sealed record AuthzResourceMetrics(long? Failed = null, long? Matched = null, double? Rate = null,
    [property: JsonPropertyName("rate_last5m")] double? RateLast5m = null, double? RateMax = null, long? Success = null)
{
    /// <summary>What nodes have counted; empty where none has.</summary>
    public static AuthzResourceMetrics Sum(IReadOnlyList<EntryMetricsReading?> nodes)
    {
        EntryMetricsReading[] all = [.. nodes.OfType<EntryMetricsReading>()];
        return all.Length == 0 ? new() : new(all.Sum(static one => one.Negative), all.Sum(static one => one.Total), Math.Round(all.Sum(static one => one.Rate.Current), 1),
            Math.Round(all.Sum(static one => one.Rate.Last5Minutes), 1), Math.Round(all.Sum(static one => one.Rate.Max), 1), all.Sum(static one => one.Positive));
    }
}

/// <summary>What a source has said on a node.</summary>
internal sealed record AuthzNodeMetrics(AuthzMetrics Metrics, string Node);

/// <summary>What a node has sent to another system.</summary>
internal sealed record AuthzNodeResourceMetrics(AuthzResourceMetrics Metrics, string Node);

/// <summary>Whether a source works on a node.</summary>
internal sealed record AuthzNodeStatus(string Node, string Status);

/// <summary>Why a node could not tell.</summary>
internal sealed record AuthzNodeError(string Error, string Node);
