using System.Globalization;
using System.Text;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.AutoSubscribe;

/// <summary>
/// A topic filter with places for what differs from client to client: <c>${clientid}</c>, <c>${username}</c>, <c>${host}</c> and
/// <c>${port}</c>. What a client fills in is text of the filter and never more: no wildcard, no share group.
/// </summary>
internal sealed class TopicTemplate
{
    private static readonly (string Name, Func<ClientInfo, string?> Value)[] s_places =
    [
        ("${clientid}", static client => client.ClientId),
        ("${username}", static client => client.Username),
        ("${host}", static client => client.PeerAddress.ToString()),
        ("${port}", static client => client.PeerPort.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Literal texts, and what stands behind each of them; the last has nothing.</summary>
    private readonly List<(string Text, Func<ClientInfo, string?>? Value)> _parts = [];

    private readonly string _text;
    private readonly string _forbidden;

    public TopicTemplate(string text)
    {
        _text = text;
        _forbidden = TopicFilter.IsShared(text) ? "+#/" : "+#"; // where a group ends is the template's to say
        var from = 0;
        for (var at = text.IndexOf("${", StringComparison.Ordinal); at >= 0; at = text.IndexOf("${", at + 1, StringComparison.Ordinal))
        {
            foreach (var (name, value) in s_places)
            {
                if (string.CompareOrdinal(text, at, name, 0, name.Length) != 0)
                    continue;
                _parts.Add((text[from..at], value));
                from = at + name.Length;
                at = from - 1;
                break;
            }
        }

        _parts.Add((text[from..], null));
    }

    /// <summary>The filter of a client; null where something is missing, or it would be none.</summary>
    public TopicFilter? Fill(ClientInfo client)
    {
        var filled = _text;
        if (_parts.Count > 1)
        {
            var text = new StringBuilder();
            foreach (var (literal, value) in _parts)
            {
                text.Append(literal);
                if (value is null)
                    continue;
                if (value(client) is not { } own || own.AsSpan().IndexOfAny(_forbidden) >= 0)
                    return null;
                text.Append(own);
            }

            filled = text.ToString();
        }

        var isSpecial = filled.StartsWith('$') && !_parts[0].Text.StartsWith('$');
        return !isSpecial && TopicFilter.TryParse(filled, out var filter) ? filter : null;
    }
}
