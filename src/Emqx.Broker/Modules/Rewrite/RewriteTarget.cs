using System.Text;
using System.Text.RegularExpressions;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Rewrite;

/// <summary>What topics are rewritten to: a text with places for what the pattern has found and for the client's names.</summary>
internal sealed class RewriteTarget(string text)
{
    private const int Literal = 0;
    private const int ClientId = -1;
    private const int Username = -2;

    private static readonly (string Text, int Place)[] s_names = [("${clientid}", ClientId), ("${username}", Username)];

    private readonly Part[] _parts = [.. Parse(text)];

    /// <param name="Text">As it was written: what stays of a place that nothing is found for.</param>
    /// <param name="Place">The number of a group, or what else belongs there.</param>
    private readonly record struct Part(string Text, int Place);

    /// <summary>The new topic; null where it would be longer than any, or a client's name would bring a wildcard into it.</summary>
    public string? Fill(Match match, string clientId, string? username)
    {
        var last = match.Groups.Count - 1;
        while (last > 0 && !match.Groups[last].Success)
            last--; // EMQX leaves the places of groups alone behind which nothing was found
        var topic = new StringBuilder();
        foreach (var part in _parts)
        {
            var name = part.Place switch { ClientId => clientId, Username => username, _ => null };
            if (name.AsSpan().IndexOfAny('+', '#') >= 0)
                return null;
            if (part.Place > Literal && part.Place <= last)
                topic.Append(match.Groups[part.Place].ValueSpan);
            else
                topic.Append(string.IsNullOrEmpty(name) ? part.Text : name);
            if (topic.Length > TopicLevels.MaxBytes)
                return null;
        }

        return topic.ToString();
    }

    private static List<Part> Parse(string text)
    {
        var parts = new List<Part>();
        var from = 0;
        for (var at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', Math.Max(from, at + 1)))
        {
            var (place, length) = PlaceAt(text.AsSpan(at));
            if (length == 0)
                continue;
            if (at > from)
                parts.Add(new(text[from..at], Literal));
            from = at + length;
            parts.Add(new(text[at..from], place));
        }

        if (from < text.Length)
            parts.Add(new(text[from..], Literal));
        return parts;
    }

    /// <summary>The place that a text begins with; of no length where it begins with none. EMQX knows groups by one digit.</summary>
    private static (int Place, int Length) PlaceAt(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && text[1] is >= '1' and <= '9')
            return (text[1] - '0', 2);
        foreach (var (name, place) in s_names)
        {
            if (text.StartsWith(name))
                return (place, name.Length);
        }

        return (Literal, 0);
    }
}
