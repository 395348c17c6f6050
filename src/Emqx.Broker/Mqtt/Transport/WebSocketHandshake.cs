using System.Net;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>What EMQX wants of a WebSocket handshake, beyond RFC 6455.</summary>
internal static class WebSocketHandshake
{
    /// <summary>The HTTP status of a refusal, or 0. <paramref name="subprotocol"/> is the first of the client's that is supported.</summary>
    public static int Judge(HttpContext context, WebSocketSettings settings, out string? subprotocol)
    {
        subprotocol = null;
        var path = context.Request.Path.Value ?? "";
        if (path != settings.MqttPath && path != settings.MqttPath + "/")
            return StatusCodes.Status404NotFound;
        if (!context.WebSockets.IsWebSocketRequest)
            return StatusCodes.Status400BadRequest;
        if (!IsOriginGood(context.Request.Headers.Origin.ToString(), settings))
            return StatusCodes.Status403Forbidden;
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        if (offered.Count == 0)
            return settings.FailIfNoSubprotocol || context.Request.Headers.ContainsKey("Sec-WebSocket-Protocol") ? StatusCodes.Status400BadRequest : 0;
        foreach (var one in offered)
        {
            if (!settings.SupportedSubprotocols.Contains(one, StringComparer.Ordinal))
                continue;
            subprotocol = one;
            return 0;
        }

        return StatusCodes.Status400BadRequest;
    }

    /// <summary>Takes the drafts' version 8 for 13, as EMQX does: their frames are the same.</summary>
    public static Task TakeVersion8(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.SecWebSocketVersion == "8")
            context.Request.Headers.SecWebSocketVersion = "13";
        return next(context);
    }

    /// <summary>Looks after the masks of the frames that follow.</summary>
    public static Task WantMasks(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new MaskedUpgrade(upgrade));
        return next(context);
    }

    /// <summary>The client's address, normalized: as a proxy in front tells it, else the socket's.</summary>
    public static IPEndPoint PeerOf(HttpContext context, WebSocketSettings settings)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var port = context.Connection.RemotePort;
        if (IPAddress.TryParse(First(context, settings.ProxyAddressHeader), out var told))
            address = told;
        if (ushort.TryParse(First(context, settings.ProxyPortHeader), out var toldPort))
            port = toldPort;
        return new IPEndPoint(address.Normalize(), port);
    }

    private static string First(HttpContext context, string header) =>
        header.Length == 0 ? "" : context.Request.Headers[header].ToString().Split(',')[0].Trim();

    private static bool IsOriginGood(string origin, WebSocketSettings settings)
    {
        if (!settings.CheckOriginEnable)
            return true;
        return origin.Length == 0 ? settings.AllowOriginAbsence : settings.CheckOrigins.Contains(origin, StringComparer.Ordinal);
    }
}
