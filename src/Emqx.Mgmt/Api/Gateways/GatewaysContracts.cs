using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Gateways;

/// <summary>The gateways of EMQX's open source edition.</summary>
internal enum GatewayName
{
    Coap,
    Exproto,
    Lwm2m,
    Mqttsn,
    Stomp,
}

/// <summary>Which gateways are wanted.</summary>
/// <param name="Status">running, stopped, unloaded, or all.</param>
internal sealed record GatewaysQuery(string Status = "all") : IQueryString<GatewaysQuery>;

/// <summary>The place of a gateway.</summary>
/// <param name="Name">Its name.</param>
internal sealed record GatewayPath(GatewayName Name) : IPathValues<GatewayPath>;

/// <summary>A gateway's switch.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Enable">On or off.</param>
internal sealed record GatewayEnablePath(GatewayName Name, bool Enable) : IPathValues<GatewayEnablePath>;

/// <summary>The place of a gateway's client.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Clientid">The client's id.</param>
internal sealed record GatewayClientPath(GatewayName Name, string Clientid) : IPathValues<GatewayClientPath>;

/// <summary>The place of a gateway's listener.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Id">The listener's id, <c>stomp:tcp:default</c>.</param>
internal sealed record GatewayListenerPath(GatewayName Name, string Id) : IPathValues<GatewayListenerPath>;

/// <summary>The place of a user of a gateway.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Uid">The user's id.</param>
internal sealed record GatewayUserPath(GatewayName Name, string Uid) : IPathValues<GatewayUserPath>;

/// <summary>The place of a user of a gateway's listener.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Id">The listener's id, <c>stomp:tcp:default</c>.</param>
/// <param name="Uid">The user's id.</param>
internal sealed record GatewayListenerUserPath(GatewayName Name, string Id, string Uid) : IPathValues<GatewayListenerUserPath>;

/// <summary>The settings of a gateway. None can be loaded yet.</summary>
[Kind(typeof(GatewayBodyKind))]
internal sealed record GatewayRequest(ConfigObject Fields) : IJsonBody<GatewayRequest>;

/// <summary>An object: which fields it may have would be the gateway's affair.</summary>
internal sealed class GatewayBodyKind : OpenKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at) => value is ConfigObject ? value : at.Wrong(value, "bad_value_for_struct");
}

/// <summary>A gateway.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">unloaded: it was never configured.</param>
internal sealed record GatewayResponse(string Name, string Status);

/// <summary>A client, a listener, an authenticator or a user of a gateway; of an unloaded one there are none.</summary>
internal sealed class GatewayPartResponse : Dictionary<string, JsonElement>;

[JsonSerializable(typeof(GatewayResponse[]))]
[JsonSerializable(typeof(GatewayPartResponse[]))]
[JsonSerializable(typeof(Paged<GatewayPartResponse>))]
internal sealed partial class GatewaysJson : JsonSerializerContext;
