using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>
/// A topic filter with places for what differs from client to client: <c>${clientid}</c>, <c>${username}</c>, <c>${cert_common_name}</c>,
/// <c>${zone}</c>, <c>${client_attrs.x}</c>. Of any other name the place is ordinary text.
/// </summary>
internal sealed class TopicPlaces
{
    /// <summary>What EMQX fills in for a client without a user name.</summary>
    private const string NoUsername = "undefined";
    private const string Open = "${";
    private const string Dollar = "${$}";
    private const string AttributePrefix = "client_attrs.";

    /// <summary>Characters of a filled-in filter that are put together on the stack.</summary>
    private const int Short = 256;

    /// <summary>Literal texts, and the name of the place behind each; the last has none.</summary>
    private readonly (string Text, string? Name)[] _parts;

    private TopicPlaces((string Text, string? Name)[] parts) => _parts = parts;

    /// <summary>The places of a filter; null where it has none.</summary>
    public static TopicPlaces? Find(string filter)
    {
        var parts = new List<(string Text, string? Name)>();
        var from = 0;
        for (var at = filter.IndexOf(Open, StringComparison.Ordinal); at >= 0; at = filter.IndexOf(Open, at + 1, StringComparison.Ordinal))
        {
            if (NameAt(filter, at, out var end) is not { } name)
                continue;
            parts.Add((Literal(filter[from..at]), name));
            from = end;
            at = end - 1;
        }

        if (parts.Count == 0)
            return null;
        parts.Add((Literal(filter[from..]), null));
        return new([.. parts]);
    }

    /// <summary>Whether the filter, filled in for the client, selects the topic. One with a missing value selects nothing.</summary>
    public bool Matches(AuthorizeRequest request, bool isAllow)
    {
        var length = 0;
        foreach (var (text, name) in _parts)
        {
            length += text.Length;
            if (name is null)
                continue;
            if (ValueOf(name, request.Client) is not { } value || (isAllow && Widens(value, isFirst: length == 0)))
                return false;
            length += value.Length;
        }

        Span<char> filled = length <= Short ? stackalloc char[length] : new char[length];
        Fill(filled, request.Client);
        return TopicMatcher.Matches(request.Topic, filled);
    }

    /// <summary>A client's own text may not make an allowed filter a wider one, nor reach what begins with $.</summary>
    private static bool Widens(string value, bool isFirst) => value.AsSpan().IndexOfAny('+', '#') >= 0 || (isFirst && value.StartsWith('$'));

    private void Fill(Span<char> filled, ClientInfo client)
    {
        foreach (var (text, name) in _parts)
        {
            text.CopyTo(filled);
            filled = filled[text.Length..];
            if (name is null || ValueOf(name, client) is not { } value)
                continue;
            value.CopyTo(filled);
            filled = filled[value.Length..];
        }
    }

    /// <summary>The name in the place that begins here; null where none that is known does.</summary>
    private static string? NameAt(string filter, int at, out int end)
    {
        end = filter.IndexOf('}', at);
        if (end < 0)
            return null;
        var name = filter[(at + Open.Length)..end++];
        if (name.StartsWith('.'))
            name = name[1..]; // EMQX takes ${.clientid}, too
        return IsKnown(name) ? name : null;
    }

    private static bool IsKnown(string name) => name is "username" or "clientid" or "cert_common_name" or "zone"
        || (name.Length > AttributePrefix.Length && name.StartsWith(AttributePrefix, StringComparison.Ordinal) && IsWord(name));

    private static bool IsWord(string name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_'))
                return false;
        }

        return true;
    }

    private static string? ValueOf(string name, ClientInfo client) => name switch
    {
        "clientid" => client.ClientId,
        "username" => client.Username ?? NoUsername,
        "cert_common_name" => client.CertificateCommonName,
        "zone" => client.Zone,
        _ => client.Attributes.GetValueOrDefault(name[AttributePrefix.Length..]),
    };

    private static string Literal(string text) => text.Replace(Dollar, "$", StringComparison.Ordinal);
}
