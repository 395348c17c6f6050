using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>
/// The settings of an authenticator: <c>mechanism</c>, <c>backend</c> where the mechanism has several, and whatever else its type has. What is left out gets its
/// default.
/// </summary>
[Kind(typeof(AuthenticatorBodyKind))]
internal sealed record AuthenticatorBody(ConfigObject Fields) : IJsonBody<AuthenticatorBody>;

/// <summary>The settings of an authenticator of any type, checked and left as they were sent: files of configuration say the same.</summary>
internal sealed class AuthenticatorBodyKind : ValueKind
{
    private static readonly UnionKind s_types = AuthenticationKind.BodyOf(AuthenticatorCatalogue.All);

    public override string Name => s_types.Name;

    public override ValueKind Shape => s_types;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var known = at.Violations.Count;
        if (s_types.Check(value, at) is not null)
            return value;
        if (s_types.NameOf(value) is { } id && AuthenticatorCatalogue.All.Find(id)!.BodyName is { } name)
            at.TellMember(known, name);
        return null;
    }
}

/// <summary>An authenticator in the order of all.</summary>
/// <param name="Id"><c>mechanism:backend</c>, or the mechanism alone.</param>
internal sealed record AuthenticatorOrder(string Id);

/// <summary>An authenticator's settings with its <c>id</c>.</summary>
internal sealed class AuthenticatorResponse : Dictionary<string, JsonElement>;

/// <summary>A user to be made.</summary>
/// <param name="UserId">A user name or client id, as the authenticator's <c>user_id_type</c> says.</param>
/// <param name="Password">The password, of which a hash is kept.</param>
/// <param name="IsSuperuser">Whether the user may publish and subscribe to everything.</param>
internal sealed record AuthnUserRequest(string UserId, string Password, bool IsSuperuser = false) : IJsonBody<AuthnUserRequest>;

/// <summary>What changes of a user.</summary>
/// <param name="Password">The new password.</param>
/// <param name="IsSuperuser">Whether the user may publish and subscribe to everything; left out: as before.</param>
internal sealed record AuthnUserUpdateRequest(string Password, bool? IsSuperuser = null) : IJsonBody<AuthnUserUpdateRequest>;

/// <summary>Which users are listed.</summary>
/// <param name="LikeUserId">Those with this text in their ids.</param>
/// <param name="IsSuperuser">Superusers, or others.</param>
internal sealed record AuthnUsersQuery(string? LikeUserId = null, bool? IsSuperuser = null) : IQueryString<AuthnUsersQuery>;

/// <summary>The place of a user.</summary>
/// <param name="Id">The authenticator's id.</param>
/// <param name="UserId">The user's id, percent-encoded.</param>
internal sealed record AuthnUserPath(string Id, string UserId) : IPathValues<AuthnUserPath>;

/// <summary>What a file of users holds.</summary>
/// <param name="Type">plain: rows have <c>password</c>; anything else: they have <c>password_hash</c> and <c>salt</c>.</param>
internal sealed record AuthnImportQuery(string? Type = null) : IQueryString<AuthnImportQuery>;

/// <summary>A user.</summary>
/// <param name="IsSuperuser">Whether the user may publish and subscribe to everything.</param>
/// <param name="UserId">A user name or client id.</param>
internal sealed record AuthnUserResponse(bool IsSuperuser, string UserId);

/// <summary>What has become of the rows of a file.</summary>
/// <param name="Failed">Users that could not be taken.</param>
/// <param name="Override">Users that were there and are replaced.</param>
/// <param name="Skipped">Users that were there just so.</param>
/// <param name="Success">New users.</param>
/// <param name="Total">Rows.</param>
internal sealed record AuthnImportResponse(int Failed, int Override, int Skipped, int Success, int Total);

/// <summary>How an authenticator does.</summary>
/// <param name="Metrics">What it was asked and has said, on all nodes together.</param>
/// <param name="NodeError">Nodes that do not know it.</param>
/// <param name="NodeMetrics">What it was asked and has said on each node.</param>
/// <param name="NodeResourceMetrics">The requests of each node to its back end.</param>
/// <param name="NodeStatus">Its state on each node.</param>
/// <param name="ResourceMetrics">The requests to its back end; empty where it has none.</param>
/// <param name="Status">connected, connecting, disconnected, or <c>inconsistent</c> where nodes differ.</param>
internal sealed record AuthenticatorStatusResponse(AuthenticatorMetrics Metrics, IReadOnlyList<AuthenticatorNodeError> NodeError, IReadOnlyList<AuthenticatorNodeMetrics> NodeMetrics,
    IReadOnlyList<AuthenticatorNodeResourceMetrics> NodeResourceMetrics, IReadOnlyList<AuthenticatorNodeStatus> NodeStatus, AuthenticatorResourceMetrics ResourceMetrics, string Status);

/// <summary>What an authenticator was asked and has said.</summary>
/// <param name="Failed">Clients that it has refused.</param>
/// <param name="Nomatch">Clients that it does not know.</param>
/// <param name="Rate">How often it was asked a second, lately.</param>
/// <param name="RateLast5m">The same over five minutes.</param>
/// <param name="RateMax">The most of it so far.</param>
/// <param name="Success">Clients that it has let in.</param>
/// <param name="Total">How often it was asked.</param>
internal sealed record AuthenticatorMetrics(long Failed, long Nomatch, double Rate, [property: JsonPropertyName("rate_last5m")] double RateLast5m, double RateMax, long Success, long Total);

/// <summary>Requests to a back end.</summary>
/// <param name="Failed">Those that have failed.</param>
/// <param name="Matched">All.</param>
/// <param name="Rate">How many a second, lately.</param>
/// <param name="RateLast5m">The same over five minutes.</param>
/// <param name="RateMax">The most of it so far.</param>
/// <param name="Success">Those that were answered.</param>
internal sealed record AuthenticatorResourceMetrics(long? Failed = null, long? Matched = null, double? Rate = null, [property: JsonPropertyName("rate_last5m")] double? RateLast5m = null,
    double? RateMax = null, long? Success = null);

/// <summary>What an authenticator was asked and has said on one node.</summary>
internal sealed record AuthenticatorNodeMetrics(AuthenticatorMetrics Metrics, string Node);

/// <summary>Requests of one node to a back end.</summary>
internal sealed record AuthenticatorNodeResourceMetrics(AuthenticatorResourceMetrics Metrics, string Node);

/// <summary>A state on one node.</summary>
internal sealed record AuthenticatorNodeStatus(string Node, string Status);

/// <summary>Why a node does not tell.</summary>
internal sealed record AuthenticatorNodeError(string Node, string Reason);

[JsonSerializable(typeof(AuthenticatorResponse))]
[JsonSerializable(typeof(List<AuthenticatorResponse>))]
[JsonSerializable(typeof(AuthenticatorStatusResponse))]
[JsonSerializable(typeof(AuthnUserResponse))]
[JsonSerializable(typeof(Paged<AuthnUserResponse>))]
[JsonSerializable(typeof(AuthnImportResponse))]
internal sealed partial class AuthenticationJson : JsonSerializerContext;
