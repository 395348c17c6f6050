using System.Buffers;

namespace Emqx.Mgmt.Api.Security;

/// <summary>What kind of Authorization header a request has.</summary>
internal enum AuthorizationScheme
{
    None,
    Basic,
    Bearer,

    /// <summary>Well-formed, but not taken here (Digest).</summary>
    Other,

    /// <summary>No scheme with a value.</summary>
    Malformed,
}

/// <summary>The Authorization header taken apart (RFC 9110 section 11.6.2, RFC 7617, RFC 6750).</summary>
internal readonly ref struct AuthorizationHeader
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private AuthorizationHeader(AuthorizationScheme scheme, ReadOnlySpan<char> value)
    {
        Scheme = scheme;
        Value = value;
    }

    public AuthorizationScheme Scheme { get; }

    /// <summary>What follows the scheme.</summary>
    public ReadOnlySpan<char> Value { get; }

    /// <summary>Reads the header of a request.</summary>
    public static AuthorizationHeader Of(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        if (values.Count == 0) return default;
        var text = values[0].AsSpan().Trim(' ');
        var space = text.IndexOf(' ');
        if (space <= 0) return new(AuthorizationScheme.Malformed, text);
        var value = text[(space + 1)..].TrimStart(' ');
        var scheme = text[..space];
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return new(AuthorizationScheme.Basic, value);
        if (!scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return new(AuthorizationScheme.Other, value);
        return new(value.ContainsAnyExcept(TokenCharacters) ? AuthorizationScheme.Malformed : AuthorizationScheme.Bearer, value);
    }

    /// <summary>Decodes <c>base64(key:secret)</c>. False where it is no base64 or has no colon.</summary>
    /// <param name="bytes">At least three quarters of the value's length.</param>
    public static bool TryDecodeBasic(ReadOnlySpan<char> value, Span<byte> bytes, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> secret)
    {
        key = secret = default;
        if (!Convert.TryFromBase64Chars(value, bytes, out var length)) return false;
        var decoded = (ReadOnlySpan<byte>)bytes[..length];
        var colon = decoded.IndexOf((byte)':');
        if (colon < 0) return false;
        key = decoded[..colon];
        secret = decoded[(colon + 1)..];
        return true;
    }
}
