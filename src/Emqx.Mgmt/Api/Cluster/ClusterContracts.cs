using System.Text.Json.Serialization;
using Emqx.Broker.Cluster;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Cluster;

/// <summary>A node's name in a path: one @ with something on both sides.</summary>
internal sealed class NodeNameKind() : TextKind("binary()", ProblemOf)
{
    private static string? ProblemOf(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1 && at == text.LastIndexOf('@') ? null : "Bad node name";
    }
}

/// <summary>The node that an operation is about.</summary>
/// <param name="Node">Its name, <c>emqx@10.0.0.2</c>.</param>
internal sealed record ClusterPath([property: Kind(typeof(NodeNameKind))] string Node) : IPathValues<ClusterPath>;

/// <summary>How to invite.</summary>
/// <param name="Timeout">Milliseconds to wait, at least 5000.</param>
internal sealed record InviteRequest(
    [property: Between(0, long.MaxValue, Expected = "non_neg_integer()")] long Timeout = 15_000) : IJsonBody<InviteRequest>;

/// <summary>The cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Self">The node that answers.</param>
/// <param name="Nodes">Nodes that run.</param>
internal sealed record ClusterResponse(string Name, string Self, IReadOnlyList<string> Nodes);

/// <summary>A core node and the replicants that follow it.</summary>
internal sealed record TopologyResponse(string CoreNode, IReadOnlyList<ReplicantResponse> ReplicantNodes);

/// <summary>A replicant and how many streams it takes from its core node.</summary>
internal sealed record ReplicantResponse(string Node, int Streams);

/// <summary>What became of the invitations.</summary>
internal sealed record InvitationsResponse(IReadOnlyList<InvitationResponse> Succeed, IReadOnlyList<InvitationResponse> InProgress,
    IReadOnlyList<InvitationResponse> Failed);

/// <summary>One invitation.</summary>
/// <param name="Node">Who was invited.</param>
/// <param name="StartedAt">When.</param>
/// <param name="FinishedAt">When it was decided.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record InvitationResponse(string Node, string StartedAt, string? FinishedAt, string? Reason)
{
    /// <summary>What the API shows of an invitation.</summary>
    public static InvitationResponse From(Invitation one, TimeProvider time) => new(one.Node, TimeText.Milliseconds(one.StartedAt, time),
        one.FinishedAt is { } end ? TimeText.Milliseconds(end, time) : null, one.Failure);
}

[JsonSerializable(typeof(ClusterResponse))]
[JsonSerializable(typeof(TopologyResponse[]))]
[JsonSerializable(typeof(InvitationsResponse))]
internal sealed partial class ClusterJson : JsonSerializerContext;
