using System.Globalization;
using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Which clients are listed, and what of them.</summary>
/// <param name="Node">Clients of this node only.</param>
/// <param name="Clientid">Whole client id; may be repeated.</param>
/// <param name="Username">Whole user name; may be repeated.</param>
/// <param name="IpAddress">Address of the client, without port.</param>
/// <param name="ConnState">Whether the client is connected.</param>
/// <param name="CleanStart">Whether the client asked for a new session.</param>
/// <param name="ProtoVer">Version of the protocol: 3, 4 or 5.</param>
/// <param name="LikeClientid">Part of the client id.</param>
/// <param name="LikeUsername">Part of the user name.</param>
/// <param name="GteCreatedAt">Session created then or later; RFC 3339 or milliseconds.</param>
/// <param name="LteCreatedAt">Session created then or earlier.</param>
/// <param name="GteConnectedAt">Connected then or later.</param>
/// <param name="LteConnectedAt">Connected then or earlier.</param>
/// <param name="Fields">The fields to answer with, separated by commas; <c>all</c> by default.</param>
internal sealed record ClientListQuery(
    string? Node = null,
    IReadOnlyList<string>? Clientid = null,
    IReadOnlyList<string>? Username = null,
    string? IpAddress = null,
    ConnectionState? ConnState = null,
    bool? CleanStart = null,
    string? ProtoVer = null,
    string? LikeClientid = null,
    string? LikeUsername = null,
    [Kind(typeof(EpochMillisecondKind))] DateTimeOffset? GteCreatedAt = null,
    [Kind(typeof(EpochMillisecondKind))] DateTimeOffset? LteCreatedAt = null,
    [Kind(typeof(EpochMillisecondKind))] DateTimeOffset? GteConnectedAt = null,
    [Kind(typeof(EpochMillisecondKind))] DateTimeOffset? LteConnectedAt = null,
    [Kind(typeof(ClientFieldsKind))] string? Fields = null) : IQueryString<ClientListQuery>
{
    /// <summary>As the directory takes it.</summary>
    public ClientFilter ToFilter(bool withNode) => new()
    {
        Node = withNode ? Node : null,
        ClientIds = Clientid is null ? null : [.. Clientid],
        Usernames = Username is null ? null : [.. Username],
        LikeClientId = Clientid is null ? LikeClientid : null,
        LikeUsername = Username is null ? LikeUsername : null,
        Address = IpAddress is not null && TryParseAddress(IpAddress, out var address) ? address : null,
        State = ConnState,
        CleanStart = CleanStart,
        ProtocolVersion = ProtoVer is not null && TryParseVersion(ProtoVer, out var version) ? version : null,
        CreatedFrom = GteCreatedAt?.ToUnixTimeMilliseconds(),
        CreatedTo = LteCreatedAt?.ToUnixTimeMilliseconds(),
        ConnectedFrom = GteConnectedAt?.ToUnixTimeMilliseconds(),
        ConnectedTo = LteConnectedAt?.ToUnixTimeMilliseconds(),
    };

    /// <summary>Reads an address without a port; .NET also takes an IPv6 address in brackets with one.</summary>
    public static bool TryParseAddress(string text, out IPAddress? address)
    {
        var isAddress = IPAddress.TryParse(text, out address) && !text.Contains('[');
        if (isAddress)
            address = address!.Normalize();
        return isAddress;
    }

    /// <summary>Reads a version of the protocol, whichever it may be.</summary>
    public static bool TryParseVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version);
}
