using System.Text.Json.Serialization;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Banned;

/// <summary>Whom to ban.</summary>
/// <param name="As">What is compared.</param>
/// <param name="Who">The id, name, address, pattern (found anywhere in the name) or network.</param>
/// <param name="By">Who bans.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when; now where left out.</param>
/// <param name="Until">When it ends; <c>infinity</c> or left out: never.</param>
internal sealed record BanRequest(
    BanAs As,
    string Who,
    string By = "mgmt_api",
    string Reason = "",
    [property: Kind(typeof(EpochSecondKind))] DateTimeOffset? At = null,
    [property: Kind(typeof(ExpiryKind))] DateTimeOffset? Until = null) : IJsonBody<BanRequest>;

/// <summary>Which bans are wanted; at most one filter.</summary>
/// <param name="Clientid">The ban on this client id.</param>
/// <param name="Username">The ban on this user name.</param>
/// <param name="Peerhost">The ban on this address.</param>
/// <param name="LikeClientid">Bans on client ids in which this pattern is found.</param>
/// <param name="LikeUsername">Bans on user names in which this pattern is found.</param>
/// <param name="LikePeerhost">Bans on addresses in which this pattern is found.</param>
/// <param name="LikePeerhostNet">Bans on networks in which this pattern is found.</param>
internal sealed record BanQuery(string? Clientid = null, string? Username = null, string? Peerhost = null, string? LikeClientid = null,
    string? LikeUsername = null, string? LikePeerhost = null, string? LikePeerhostNet = null) : IQueryString<BanQuery>
{
    /// <summary>All filters, given or not.</summary>
    [JsonIgnore]
    public string?[] Filters => [Clientid, Username, Peerhost, LikeClientid, LikeUsername, LikePeerhost, LikePeerhostNet];
}

/// <summary>The place of one ban.</summary>
/// <param name="As">What it looks at.</param>
/// <param name="Who">Whom it is for.</param>
internal sealed record BanPath(BanAs As, string Who) : IPathValues<BanPath>;

/// <summary>A ban.</summary>
/// <param name="As">What is compared.</param>
/// <param name="Who">Whom it is for.</param>
/// <param name="By">Who has made it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">When it ends, or <c>infinity</c>.</param>
internal sealed record BanResponse(string As, string Who, string By, string Reason, string At, string Until)
{
    /// <summary>What the API shows of a ban.</summary>
    public static BanResponse From(Ban ban, TimeProvider time) => new(ban.Target.Kind.Name(), ban.Target.Who, ban.By, ban.Reason,
        TimeText.Seconds(ban.At, time), ban.Until is { } until ? TimeText.Seconds(until, time) : "infinity");
}

[JsonSerializable(typeof(BanResponse))]
[JsonSerializable(typeof(Paged<BanResponse>))]
internal sealed partial class BannedJson : JsonSerializerContext;
