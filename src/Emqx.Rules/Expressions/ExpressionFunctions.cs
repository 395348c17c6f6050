using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Emqx.Rules.Expressions;

/// <summary>The functions of expressions, named as EMQX names them.</summary>
internal static class ExpressionFunctions
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Calls a function. Throws <see cref="ExpressionException"/> where there is none of that name for these values.</summary>
    public static object? Call(string name, object?[] arguments)
    {
        try
        {
            return OfText(name, arguments) ?? OfParts(name, arguments) ?? OfPatterns(name, arguments) ?? OfCodes(name, arguments)
                ?? OfComparisons(name, arguments) ?? throw new ExpressionException("unknown_variform_function");
        }
        catch (Exception e) when (e is FormatException or ArgumentException or RegexMatchTimeoutException or OverflowException)
        {
            throw new ExpressionException("bad_argument");
        }
    }

    private static object? OfText(string name, object?[] arguments) => (name, arguments) switch
    {
        ("lower", [string s]) => s.ToLowerInvariant(),
        ("upper", [string s]) => s.ToUpperInvariant(),
        ("trim", [string s]) => s.Trim(),
        ("trim", [string s, string c]) => s.Trim(c.ToCharArray()),
        ("ltrim", [string s]) => s.TrimStart(),
        ("ltrim", [string s, string c]) => s.TrimStart(c.ToCharArray()),
        ("rtrim", [string s]) => s.TrimEnd(),
        ("rtrim", [string s, string c]) => s.TrimEnd(c.ToCharArray()),
        ("rm_prefix", [string s, string p]) => s.StartsWith(p, StringComparison.Ordinal) ? s[p.Length..] : s,
        ("reverse", [string s]) => Reverse(s),
        ("strlen", [string s]) => (long)new StringInfo(s).LengthInTextElements,
        ("substr", [string s, long start]) => Slice(s, start, long.MaxValue),
        ("substr", [string s, long start, long length]) => Slice(s, start, length),
        ("pad", [string s, long length]) => Pad(s, length, "trailing", " "),
        ("pad", [string s, long length, string side]) => Pad(s, length, side, " "),
        ("pad", [string s, long length, string side, string with]) => Pad(s, length, side, with),
        ("replace", [string s, string from, string to]) => Replace(s, from, to, "all"),
        ("replace", [string s, string from, string to, string which]) => Replace(s, from, to, which),
        ("find", [string s, string part]) => Find(s, part, "leading"),
        ("find", [string s, string part, string side]) => Find(s, part, side),
        ("ascii", [string { Length: > 0 } s]) => (long)Encoding.UTF8.GetBytes(s)[0],
        ("unescape", [string s]) => Regex.Unescape(s),
        ("any_to_str", [var value]) => Variform.ToText(value),
        _ => null,
    };

    private static object? OfParts(string name, object?[] arguments) => (name, arguments) switch
    {
        ("concat", [object?[] parts]) => string.Concat(parts.Select(Variform.ToText)),
        ("concat", [var a, var b]) => Variform.ToText(a) + Variform.ToText(b),
        ("join_to_string", [object?[] parts]) => string.Join(", ", parts.Select(Variform.ToText)),
        ("join_to_string", [string separator, object?[] parts]) => string.Join(separator, parts.Select(Variform.ToText)),
        ("split", [string s, string by]) => Texts(s.Split(by, StringSplitOptions.RemoveEmptyEntries)),
        ("split", [string s, string by, string how]) => Split(s, by, how),
        ("tokens", [string s, string separators]) => Texts(s.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries)),
        ("tokens", [string s, string separators, "nocrlf"]) => Texts(s.Split((separators + "\r\n").ToCharArray(), StringSplitOptions.RemoveEmptyEntries)),
        ("nth", [var n, object?[] parts]) => Nth(n, parts),
        ("sprintf_s", [string format, object?[] parts]) => Format(format, parts),
        _ => null,
    };

    private static object? OfPatterns(string name, object?[] arguments) => (name, arguments) switch
    {
        ("regex_match", [var s, string pattern]) => Regex.IsMatch(Variform.ToText(s), pattern, RegexOptions.CultureInvariant, s_patience),
        ("regex_replace", [string s, string pattern, string to]) =>
            Regex.Replace(s, pattern, Regex.Replace(to.Replace("$", "$$", StringComparison.Ordinal), @"\\(\d)", "$${$1}"), RegexOptions.CultureInvariant, s_patience),
        ("regex_extract", [string s, string pattern]) => Texts(Regex.Match(s, pattern, RegexOptions.CultureInvariant, s_patience).Groups.Values.Skip(1).Select(g => g.Value)),
        _ => null,
    };

    private static object? OfCodes(string name, object?[] arguments) => (name, arguments) switch
    {
        ("hash", [string algorithm, string s]) => Convert.ToHexStringLower(Hash(algorithm, Encoding.UTF8.GetBytes(s))),
        ("hash_to_range", [string { Length: > 0 } s, long low, long high]) => MapToRange(Hash("sha256", Encoding.UTF8.GetBytes(s)), low, high),
        ("map_to_range", [string { Length: > 0 } s, long low, long high]) => MapToRange(Encoding.UTF8.GetBytes(s), low, high),
        ("map_to_range", [long n, long low, long high]) when low <= high => low + (n % (high - low + 1)),
        ("int2hexstr", [long n]) => n < 0 ? "-" + (-n).ToString("X", CultureInfo.InvariantCulture) : n.ToString("X", CultureInfo.InvariantCulture),
        ("bin2hexstr", [string s]) => Convert.ToHexString(Encoding.UTF8.GetBytes(s)),
        ("hexstr2bin", [string s]) => Encoding.UTF8.GetString(Convert.FromHexString(s)),
        ("base64_encode", [string s]) => Convert.ToBase64String(Encoding.UTF8.GetBytes(s)),
        ("base64_decode", [string s]) => Encoding.UTF8.GetString(Convert.FromBase64String(s)),
        ("rand_str", [long length and > 0 and <= 65535]) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", (int)length),
        ("rand_int", [long n and > 0 and < int.MaxValue]) => (long)RandomNumberGenerator.GetInt32(1, (int)n + 1),
        ("getenv", [string variable]) => Environment.GetEnvironmentVariable("EMQXVAR_" + variable) ?? "",
        _ => null,
    };

    private static object? OfComparisons(string name, object?[] arguments) => (name, arguments) switch
    {
        ("not", [bool flag]) => !flag,
        ("not", ["true"]) => "false",
        ("not", ["false"]) => "true",
        ("is_empty_val", [var value]) => value is null or "" or object?[] { Length: 0 },
        (_, [var a, var b]) when name.StartsWith("str_", StringComparison.Ordinal) =>
            Verdict(name[4..], string.CompareOrdinal(Variform.ToText(a), Variform.ToText(b))),
        (_, [long or double, long or double]) when name.StartsWith("num_", StringComparison.Ordinal) =>
            Verdict(name[4..], Convert.ToDouble(arguments[0], CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(arguments[1], CultureInfo.InvariantCulture))),
        _ => null,
    };

    private static object? Verdict(string relation, int order) => relation switch
    {
        "comp" => order == 0 ? "eq" : order < 0 ? "lt" : "gt",
        "eq" => order == 0,
        "neq" => order != 0,
        "lt" => order < 0,
        "lte" => order <= 0,
        "gt" => order > 0,
        "gte" => order >= 0,
        _ => null,
    };

    private static object?[] Texts(IEnumerable<string> texts) => [.. texts];

    private static string Reverse(string s)
    {
        var elements = new StringInfo(s);
        var built = new StringBuilder(s.Length);
        for (var i = elements.LengthInTextElements - 1; i >= 0; i--)
            built.Append(elements.SubstringByTextElements(i, 1));
        return built.ToString();
    }

    private static string Slice(string s, long start, long length)
    {
        var elements = new StringInfo(s);
        var count = elements.LengthInTextElements;
        var from = start < 0 ? Math.Max(0, count + start) : start;
        if (from >= count || length <= 0)
            return "";
        return elements.SubstringByTextElements((int)from, (int)Math.Min(length, count - from));
    }

    private static string Pad(string s, long length, string side, string with)
    {
        var missing = (int)Math.Clamp(length - new StringInfo(s).LengthInTextElements, 0, 65535);
        string Fill(int count) => string.Concat(Enumerable.Repeat(with, count));
        return side switch
        {
            "trailing" => s + Fill(missing),
            "leading" => Fill(missing) + s,
            "both" => Fill(missing / 2) + s + Fill(missing - (missing / 2)),
            _ => throw new ExpressionException("bad_argument"),
        };
    }

    private static string Replace(string s, string from, string to, string which)
    {
        var at = which switch
        {
            "all" => -1,
            "leading" => s.IndexOf(from, StringComparison.Ordinal),
            "trailing" => s.LastIndexOf(from, StringComparison.Ordinal),
            _ => throw new ExpressionException("bad_argument"),
        };
        if (which == "all")
            return s.Replace(from, to, StringComparison.Ordinal);
        return at < 0 ? s : string.Concat(s.AsSpan(0, at), to, s.AsSpan(at + from.Length));
    }

    private static string Find(string s, string part, string side)
    {
        var at = side == "trailing" ? s.LastIndexOf(part, StringComparison.Ordinal) : s.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? "" : s[at..];
    }

    private static object?[] Split(string s, string by, string how)
    {
        if (how == "notrim")
            return Texts(s.Split(by));
        var at = how.StartsWith("leading", StringComparison.Ordinal) ? s.IndexOf(by, StringComparison.Ordinal)
            : how.StartsWith("trailing", StringComparison.Ordinal) ? s.LastIndexOf(by, StringComparison.Ordinal)
            : throw new ExpressionException("bad_argument");
        string[] parts = at < 0 ? [s] : [s[..at], s[(at + by.Length)..]];
        return Texts(how.EndsWith("_notrim", StringComparison.Ordinal) ? parts : parts.Where(part => part.Length > 0));
    }

    private static object? Nth(object? n, object?[] parts)
    {
        var index = n switch
        {
            long number => number,
            string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => 0,
        };
        return index < 1 ? throw new ExpressionException("invalid_argument") : index > parts.Length ? "" : parts[index - 1];
    }

    /// <summary>Erlang's formats ~s, ~ts, ~p, ~w, ~b, ~B, ~n and ~~.</summary>
    private static string Format(string format, object?[] parts)
    {
        var next = 0;
        return Regex.Replace(format, "~(ts|tp|tw|[spwbBn~])", match => match.ValueSpan[1..] switch
        {
            "n" => "\n",
            "~" => "~",
            _ => next < parts.Length ? Variform.ToText(parts[next++]) : throw new ExpressionException("bad_argument"),
        });
    }

    private static byte[] Hash(string algorithm, byte[] data) => algorithm switch
    {
#pragma warning disable CA5350, CA5351 // The operator of the broker chooses; nothing here guards a secret.
        "md5" => MD5.HashData(data),
        "sha" or "sha1" => SHA1.HashData(data),
#pragma warning restore CA5350, CA5351
        "sha256" => SHA256.HashData(data),
        "sha384" => SHA384.HashData(data),
        "sha512" => SHA512.HashData(data),
        "sha3_256" when SHA3_256.IsSupported => SHA3_256.HashData(data),
        "sha3_512" when SHA3_512.IsSupported => SHA3_512.HashData(data),
        _ => throw new ExpressionException("unknown_hash_algorithm"),
    };

    private static object? MapToRange(byte[] number, long low, long high) =>
        low > high ? throw new ExpressionException("badarg") : low + (long)(new BigInteger(number, isUnsigned: true, isBigEndian: true) % (high - low + 1));
}
