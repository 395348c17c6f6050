using System.Text;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>A client's first message (RFC 5802, 7): <c>n,,n=user,r=nonce</c>.</summary>
/// <param name="Header">Up to the second comma, which the last message repeats.</param>
/// <param name="Bare">What stands behind it.</param>
internal sealed record ScramFirst(string Header, string Bare, string Username, string Nonce)
{
    private const int LongestNonce = 1024;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Takes the message apart; null where it is none that could be answered: no text, with channel binding or with extensions that are mandatory.</summary>
    public static ScramFirst? Parse(ReadOnlySpan<byte> data)
    {
        if (TextOf(data) is not { } text || text.Split(',', 3) is not [var flag, var authorized, var bare])
            return null;
        if (flag is not ("n" or "y") || (authorized.Length > 0 && !authorized.StartsWith("a=", StringComparison.Ordinal)))
            return null;
        return bare.Split(',') is [['n', '=', .. var user], ['r', '=', .. var nonce], ..] && nonce.Length is > 0 and <= LongestNonce && Unescaped(user) is { Length: > 0 } username
            ? new(text[..^bare.Length], bare, username, nonce)
            : null;
    }

    /// <summary>The text of a message; null where it is none.</summary>
    public static string? TextOf(ReadOnlySpan<byte> data)
    {
        try
        {
            return s_utf8.GetString(data);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A comma is written =2C, an equals sign =3D; another one makes no name.</summary>
    private static string? Unescaped(string name)
    {
        var rest = name.Replace("=2C", "", StringComparison.Ordinal).Replace("=3D", "", StringComparison.Ordinal);
        return rest.Contains('=', StringComparison.Ordinal) ? null : name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
    }
}
