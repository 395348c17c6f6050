using System.Buffers;

namespace Emqx.Mgmt.Api.Security;

/// <summary>The Authorization header taken apart (RFC 9110 section 11.6.2, RFC 7617, RFC 6750), once a request.</summary>
internal sealed class AuthorizationHeader
{
    private static readonly SearchValues<char> s_tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private static readonly AuthorizationHeader s_none = new(AuthorizationScheme.None, default);

    private AuthorizationHeader(AuthorizationScheme scheme, ReadOnlyMemory<char> value)
    {
        Scheme = scheme;
        Value = value;
    }

    public AuthorizationScheme Scheme { get; }

    /// <summary>What follows the scheme.</summary>
    public ReadOnlyMemory<char> Value { get; }

    /// <summary>The header of a request; kept with it, as several steps of a request ask for it.</summary>
    public static AuthorizationHeader Of(HttpContext context)
    {
        if (context.Features.Get<AuthorizationHeader>() is { } known)
            return known;

        var values = context.Request.Headers.Authorization;
        var header = values.Count == 0 ? s_none : Parse(values[0].AsMemory().Trim(' '));
        context.Features.Set(header);
        return header;
    }

    /// <summary>Decodes <c>base64(key:secret)</c>. False where it is no base64 or has no colon.</summary>
    /// <param name="bytes">At least three quarters of the value's length.</param>
    public static bool TryDecodeBasic(ReadOnlySpan<char> value, Span<byte> bytes, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> secret)
    {
        key = secret = default;
        if (!Convert.TryFromBase64Chars(value, bytes, out var length))
            return false;
        var decoded = (ReadOnlySpan<byte>)bytes[..length];
        var colon = decoded.IndexOf((byte)':');
        if (colon < 0)
            return false;
        key = decoded[..colon];
        secret = decoded[(colon + 1)..];
        return true;
    }

    private static AuthorizationHeader Parse(ReadOnlyMemory<char> text)
    {
        var space = text.Span.IndexOf(' ');
        if (space <= 0)
            return new AuthorizationHeader(AuthorizationScheme.Malformed, text);
        var value = text[(space + 1)..].TrimStart(' ');
        var scheme = text.Span[..space];
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return new AuthorizationHeader(AuthorizationScheme.Basic, value);
        if (!scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return new AuthorizationHeader(AuthorizationScheme.Other, value);
        var isToken = !value.Span.ContainsAnyExcept(s_tokenCharacters);
        return new AuthorizationHeader(isToken ? AuthorizationScheme.Bearer : AuthorizationScheme.Malformed, value);
    }
}
