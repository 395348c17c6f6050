using System.Text;

namespace Emqx.Broker.Access.Http;

/// <summary>The address of a service, path and query with their places still to be filled in.</summary>
/// <param name="Base">Scheme, host and port: <c>http://127.0.0.1:8080</c>.</param>
/// <param name="Wire">The same without TLS, which is below what speaks HTTP.</param>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Path">Begins with a slash; ASCII alone.</param>
/// <param name="Query">As it was written, without question mark.</param>
internal sealed record AccessUrl(bool IsTls, string Base, string Wire, string Host, int Port, string Path, string Query)
{
    private const int Longest = 4096;
    private const string SchemeEnd = "://";

    /// <summary>What requests name as their host.</summary>
    public string Authority => Base[(Base.IndexOf(SchemeEnd, StringComparison.Ordinal) + SchemeEnd.Length)..];

    /// <summary>EMQX's word for what is wrong with an address; null where nothing is.</summary>
    public static string? ProblemOf(string text) => Parse(text, out var problem) is null ? problem : null;

    /// <summary>Reads an address; null where it is none that can be asked.</summary>
    public static AccessUrl? Parse(string text, out string? problem)
    {
        var schemeEnd = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        var authorityEnd = schemeEnd < 0 ? -1 : text.IndexOfAny(['/', '?', '#'], schemeEnd + SchemeEnd.Length);
        if (authorityEnd < 0)
            authorityEnd = text.Length;
        problem = ProblemOf(text, schemeEnd, authorityEnd);
        if (problem is not null)
            return null;
        if (!Uri.TryCreate(text[..authorityEnd] + "/", UriKind.Absolute, out var root) || root.DnsSafeHost.Length == 0 || !Ascii.IsValid(root.Authority))
        {
            problem = "invalid_base";
            return null;
        }

        var query = text.IndexOf('?', authorityEnd);
        if (query >= 0 && FormEncoding.Read(text[(query + 1)..]) is null)
        {
            problem = "invalid_query";
            return null;
        }

        var path = query < 0 ? text[authorityEnd..] : text[authorityEnd..query];
        return new(root.Scheme == Uri.UriSchemeHttps, $"{root.Scheme}{SchemeEnd}{root.Authority}", $"{Uri.UriSchemeHttp}{SchemeEnd}{root.Host}:{root.Port}", root.DnsSafeHost, root.Port,
            path.Length == 0 ? "/" : Escaped(path), query < 0 ? "" : text[(query + 1)..]);
    }

    private static string? ProblemOf(string text, int schemeEnd, int authorityEnd)
    {
        if (text.Length > Longest)
            return "too_long";
        if (schemeEnd < 0)
            return "no_scheme";
        if (text[..schemeEnd].ToLowerInvariant() is not ("http" or "https"))
            return "unsupported_scheme";
        if (authorityEnd == schemeEnd + SchemeEnd.Length)
            return "no_host";
        if (text.IndexOf('@', schemeEnd, authorityEnd - schemeEnd) >= 0)
            return "userinfo_not_supported";
        return text.Contains('#', StringComparison.Ordinal) ? "fragments_not_supported" : null;
    }

    /// <summary>What may not stand in a request's first line is escaped; all else, escapes and places too, is left as it was written.</summary>
    private static string Escaped(string path)
    {
        if (!path.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return path;
        var escaped = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(path))
        {
            if (one is >= (byte)'!' and <= (byte)'~')
                escaped.Append((char)one);
            else
                escaped.Append('%').Append(Convert.ToHexString([one]));
        }

        return escaped.ToString();
    }
}
