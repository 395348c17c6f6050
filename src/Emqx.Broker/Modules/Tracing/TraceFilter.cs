using System.Diagnostics.CodeAnalysis;
using System.Net;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Whom or what a trace is about, checked.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Address">Of the type ip_address.</param>
internal sealed record TraceFilter(TraceType Type, string Text, IPAddress? Address = null)
{
    private readonly string? _address = Address?.ToString();

    /// <summary>Whether it is about clients, whose packets it wants to see.</summary>
    public bool IsOfClients => Type is TraceType.Clientid or TraceType.IpAddress;

    /// <summary>Reads a filter. <paramref name="error"/> is EMQX's text for what is wrong with it.</summary>
    public static bool TryParse(TraceType type, string text, [NotNullWhen(true)] out TraceFilter? filter, [NotNullWhen(false)] out string? error)
    {
        (filter, error) = type switch
        {
            TraceType.Topic => ParseTopic(text),
            TraceType.IpAddress => ParseAddress(text),
            _ => (new TraceFilter(type, text), (string?)null),
        };
        return filter is not null;
    }

    /// <summary>Whether what happens to that client concerns it; or to that topic or topic filter, where one is told.</summary>
    public bool Concerns(ClientInfo client, string? topic) => Type switch
    {
        TraceType.Clientid => client.ClientId == Text,
        TraceType.IpAddress => Address!.Equals(client.PeerAddress),
        TraceType.Topic => topic is not null && TopicMatcher.Matches(topic, Text),
        _ => false,
    };

    /// <summary>Whether a message concerns it.</summary>
    public bool Concerns(Message message) => Type switch
    {
        TraceType.Clientid => message.From == Text,
        TraceType.IpAddress => message.FromPeerHost == _address,
        TraceType.Topic => TopicMatcher.Matches(message.Topic, Text),
        _ => false,
    };

    private static (TraceFilter?, string?) ParseTopic(string text)
    {
        if (TopicFilter.TryParse(text, out _))
            return (new TraceFilter(TraceType.Topic, text), null);
        var problem = text.Length == 0 ? "empty_topic"
            : !TopicLevels.Fits(text) ? "topic_too_long"
            : $"/{text}".Contains("/#/", StringComparison.Ordinal) ? "'topic_invalid_#'" : "topic_invalid_char";
        return (null, $"topic: {text} invalid by {problem}");
    }

    /// <summary>An address alone: what .NET would take beside it (brackets, a port) is none.</summary>
    private static (TraceFilter?, string?) ParseAddress(string text) => !text.Contains('[', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
        ? (new TraceFilter(TraceType.IpAddress, text, address.Normalize()), null)
        : (null, "ip address: einval");
}
