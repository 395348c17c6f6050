using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>A JSON Web Token in its compact form (RFC 7519, RFC 7515), taken apart and not yet believed.</summary>
/// <param name="Signed">The bytes that the signature is of.</param>
internal sealed record Token(TokenAlgorithm Algorithm, ReadOnlyMemory<byte> Signed, byte[] Signature, byte[] Payload)
{
    /// <summary>Bytes; MQTT has no longer passwords and user names.</summary>
    private const int Longest = 65_535;

    /// <summary>Reads a token; null where it is none, or signed in a way that is not known.</summary>
    public static Token? Read(ReadOnlyMemory<byte> text)
    {
        if (text.Length > Longest)
            return null;
        var first = text.Span.IndexOf((byte)'.');
        var last = text.Span.LastIndexOf((byte)'.');
        if (first < 0 || last == first || text.Span[(first + 1)..last].Contains((byte)'.'))
            return null;
        if (Decode(text.Span[..first]) is not { } header || Decode(text.Span[(first + 1)..last]) is not { } payload || Decode(text.Span[(last + 1)..]) is not { } signature)
            return null;
        return AlgorithmOf(header) is { } algorithm ? new(algorithm, text[..last], signature, payload) : null;
    }

    /// <summary>What the token says; null where that is no JSON object. To be asked when the signature was found good.</summary>
    public ConfigObject? ReadClaims() => Parse(Payload);

    /// <summary>A header that demands what is not understood (crit) makes the token none (RFC 7515, 4.1.11).</summary>
    private static TokenAlgorithm? AlgorithmOf(byte[] header) =>
        Parse(header) is { } fields && fields["crit"] is null && fields["alg"] is ConfigText { Text: var name } ? TokenAlgorithm.Find(name) : null;

    private static ConfigObject? Parse(byte[] json)
    {
        try
        {
            return ConfigJson.Parse(json) as ConfigObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (!Base64Url.IsValid(text, out var length))
            return null;
        var decoded = new byte[length];
        return Base64Url.DecodeFromUtf8(text, decoded, out _, out var written) == OperationStatus.Done && written == length ? decoded : null;
    }
}
