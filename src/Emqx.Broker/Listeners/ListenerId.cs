using System.Diagnostics.CodeAnalysis;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Listeners;

/// <summary>A listener's id, <c>tcp:default</c>.</summary>
/// <param name="Type">tcp, ssl, ws, wss or quic.</param>
internal readonly record struct ListenerId(string Type, string Name)
{
    /// <summary>The types that EMQX knows. quic never runs here, as in builds of EMQX without its library.</summary>
    public static readonly IReadOnlyList<string> Types = ["tcp", "ssl", "ws", "wss", "quic"];

    /// <summary>The type as the transports name it; null for quic.</summary>
    public ListenerType? Transport => Type switch
    {
        "tcp" => ListenerType.Tcp,
        "ssl" => ListenerType.Ssl,
        "ws" => ListenerType.Ws,
        "wss" => ListenerType.Wss,
        _ => null,
    };

    /// <summary>Reads an id: a known type, a colon and a name.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenerId? id)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        id = colon > 0 && colon < text.Length - 1 && Types.Contains(text[..colon]) ? new ListenerId(text[..colon], text[(colon + 1)..]) : null;
        return id is not null;
    }

    public override string ToString() => $"{Type}:{Name}";
}
