using Emqx.Broker.Hooks;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Something that has happened, before it has a form. A packet and a payload stay bytes until a trace says how it writes them.</summary>
/// <param name="tag">EMQX's: MQTT, PUBLISH, SUBSCRIBE, AUTHZ, …</param>
/// <param name="message">EMQX's word for what has happened.</param>
internal readonly ref struct TraceEvent(string tag, string message)
{
    public string Tag { get; } = tag;

    public string Message { get; } = message;

    /// <summary>Whose doing it is; empty where it is nobody's.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Address and port of the client.</summary>
    public string Peer { get; init; } = "";

    public bool HasPacket { get; init; }

    public PacketText Packet { get; init; }

    public bool HasPayload { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>All else, by name.</summary>
    public ReadOnlySpan<TraceField> Fields { get; init; }
}

/// <summary>Something to be told of an event.</summary>
/// <param name="Text">For people.</param>
/// <param name="Json">The value as JSON where it is no text.</param>
internal readonly record struct TraceField(string Name, string Text, string? Json = null);
