using System.Text;

namespace Emqx.Mgmt.Api.Routing;

/// <summary>
/// A path as its segments, each percent-decoded on its own from the request line, so that an encoded slash stays inside its
/// segment: what the framework hands out has lost the difference between <c>%2F</c> and <c>%252F</c>.
/// </summary>
/// <param name="Segments">Without the empty one after a trailing slash.</param>
/// <param name="IsText">False where a segment is not UTF-8 or holds a NUL.</param>
internal readonly record struct RequestPath(IReadOnlyList<string> Segments, bool IsText)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>False where the percent-encoding is broken. An empty segment makes a path that matches nothing.</summary>
    public static bool TryParse(string target, out RequestPath path)
    {
        path = default;
        var rest = PathOf(target);
        var segments = new List<string>(8);
        var isText = true;
        while (rest.Length > 0)
        {
            rest = rest[1..];
            var end = rest.IndexOf('/');
            var raw = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            if (raw.IsEmpty && rest.IsEmpty)
                break;
            if (!TryDecode(raw, out var segment, ref isText))
                return false;
            Append(segments, segment);
        }

        path = new(segments, isText);
        return true;
    }

    private static void Append(List<string> segments, string segment)
    {
        if (segment == ".")
            return;
        if (segment != "..")
            segments.Add(segment);
        else if (segments.Count > 0)
            segments.RemoveAt(segments.Count - 1);
    }

    /// <summary>The path alone, from its first slash; also of the absolute form that proxies send.</summary>
    private static ReadOnlySpan<char> PathOf(string target)
    {
        var span = target.AsSpan();
        var query = span.IndexOfAny('?', '#');
        if (query >= 0)
            span = span[..query];
        if (span.StartsWith("/"))
            return span;
        var authority = span.IndexOf("://");
        var slash = authority < 0 ? -1 : span[(authority + 3)..].IndexOf('/');
        return slash < 0 ? [] : span[(authority + 3 + slash)..];
    }

    private static bool TryDecode(ReadOnlySpan<char> raw, out string segment, ref bool isText)
    {
        if (!raw.Contains('%'))
        {
            segment = raw.ToString();
            return true;
        }

        segment = "";
        Span<byte> bytes = raw.Length <= 512 ? stackalloc byte[512] : new byte[raw.Length];
        if (!PercentEncoding.TryDecode(raw, bytes, plusIsSpace: false, out var length))
            return false;
        bytes = bytes[..length];
        try
        {
            segment = s_strict.GetString(bytes);
            isText &= !segment.Contains('\0');
        }
        catch (DecoderFallbackException)
        {
            segment = Encoding.UTF8.GetString(bytes);
            isText = false;
        }

        return true;
    }
}
