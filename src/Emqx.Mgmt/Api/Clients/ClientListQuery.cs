using System.Globalization;
using System.Net;
using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Failures;
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
    /// <summary>As the directory takes it; null and a failure where an address or a version is none.</summary>
    public ClientFilter? ToFilter(bool withNode, out ApiFailure? failure)
    {
        failure = null;
        IPAddress? address = null;
        var version = 0;
        if (IpAddress is not null && !TryParseAddress(IpAddress, out address))
            failure = WrongType("ip_address", "ip", IpAddress);
        else if (ProtoVer is not null && !int.TryParse(ProtoVer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version))
            failure = WrongType("proto_ver", "integer", ProtoVer);
        return failure is null ? ToFilter(withNode ? Node : null, address, ProtoVer is null ? null : version) : null;
    }

    private ClientFilter ToFilter(string? node, IPAddress? address, int? version) => new()
    {
        Node = node,
        ClientIds = Clientid is null ? null : [.. Clientid],
        Usernames = Username is null ? null : [.. Username],
        LikeClientId = Clientid is null ? LikeClientid : null,
        LikeUsername = Username is null ? LikeUsername : null,
        Address = address,
        State = ConnState,
        CleanStart = CleanStart,
        ProtocolVersion = version,
        CreatedFrom = GteCreatedAt?.ToUnixTimeMilliseconds(),
        CreatedTo = LteCreatedAt?.ToUnixTimeMilliseconds(),
        ConnectedFrom = GteConnectedAt?.ToUnixTimeMilliseconds(),
        ConnectedTo = LteConnectedAt?.ToUnixTimeMilliseconds(),
    };

    // .NET also takes an IPv6 address in brackets with a port behind it.
    private static bool TryParseAddress(string text, out IPAddress? address)
    {
        var isAddress = IPAddress.TryParse(text, out address) && !text.Contains('[');
        if (isAddress)
            address = ClientFilter.PeerKey(address!);
        return isAddress;
    }

    private static ApiFailure WrongType(string name, string type, string value) =>
        Failure.InvalidParameter.Because($"the {name} parameter expected type is {type}, but the value is {value}");
}
