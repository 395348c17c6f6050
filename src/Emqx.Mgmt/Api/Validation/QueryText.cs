using System.Text;
using Emqx.Mgmt.Api.Routing;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A query string taken apart as EMQX does it: strict percent-encoding, + for a space, a bare name for true.</summary>
internal static class QueryText
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>One <c>name=value</c>.</summary>
    /// <param name="Value">Null where there is no = sign.</param>
    /// <param name="IsText">False where the value is not UTF-8 or holds a NUL.</param>
    internal readonly record struct Pair(string Name, string? Value, bool IsText);

    /// <summary>False where a % is not followed by two hexadecimal digits.</summary>
    public static bool IsWellFormed(string? query)
    {
        if (query is null)
            return true;
        for (var i = query.IndexOf('%'); i >= 0; i = query.IndexOf('%', i + 1))
        {
            if (i + 2 >= query.Length || !char.IsAsciiHexDigit(query[i + 1]) || !char.IsAsciiHexDigit(query[i + 2]))
                return false;
        }

        return true;
    }

    /// <summary>All pairs of a well-formed query, in order.</summary>
    public static List<Pair> Parse(string query)
    {
        var pairs = new List<Pair>();
        var rest = query.AsSpan();
        if (rest.StartsWith("?"))
            rest = rest[1..];
        foreach (var range in rest.Split('&'))
        {
            var item = rest[range];
            if (item.IsEmpty)
                continue;
            var equals = item.IndexOf('=');
            var name = Decode(equals < 0 ? item : item[..equals], out _);
            if (equals < 0)
                pairs.Add(new(name, null, true));
            else
                pairs.Add(new(name, Decode(item[(equals + 1)..], out var isText), isText));
        }

        return pairs;
    }

    private static string Decode(ReadOnlySpan<char> raw, out bool isText)
    {
        isText = true;
        if (!raw.ContainsAny('%', '+'))
            return raw.ToString();
        Span<byte> bytes = raw.Length <= 512 ? stackalloc byte[512] : new byte[raw.Length];
        PercentEncoding.TryDecode(raw, bytes, plusIsSpace: true, out var length);
        try
        {
            var text = s_strict.GetString(bytes[..length]);
            isText = !text.Contains('\0');
            return text;
        }
        catch (DecoderFallbackException)
        {
            isText = false;
            return "";
        }
    }
}
