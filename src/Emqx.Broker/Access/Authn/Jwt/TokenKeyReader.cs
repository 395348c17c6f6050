using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>Reads public keys: PEM (a key, or a certificate), and sets of keys in JSON (JWKS, RFC 7517).</summary>
internal static class TokenKeyReader
{
    /// <summary>Keys of a set: each may be tried on each token.</summary>
    public const int Most = 64;

    private const int LongestModulus = 1024, LongestExponent = 8; // bytes
    private const string PemBegin = "-----BEGIN";

    /// <summary>Whether a text is meant to be PEM, and not the name of a file.</summary>
    public static bool IsPem(string text) => text.Contains(PemBegin, StringComparison.Ordinal);

    /// <summary>The key of a PEM text; null where there is none that can be used.</summary>
    public static TokenKey? ReadPem(string text)
    {
        try
        {
            if (!PemEncoding.TryFind(text, out var found))
                return null;
            if (text[found.Label] == "CERTIFICATE")
                return ReadCertificate(text);
            return (TokenKey?)ReadRsaPem(text) ?? ReadEcPem(text);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The keys of a set that can check tokens, others being left out; null where it is no set, or has too many.</summary>
    public static IReadOnlyList<TokenKey>? ReadSet(ConfigValue? set)
    {
        if (set is not ConfigObject fields || fields["keys"] is not ConfigArray { Items: var items } || items.Count > Most)
            return null;
        return [.. items.OfType<ConfigObject>().Select(ReadJwk).OfType<TokenKey>()];
    }

    private static TokenKey? ReadCertificate(string text)
    {
        using var certificate = X509Certificate2.CreateFromPem(text);
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return new RsaTokenKey(rsa.ExportParameters(includePrivateParameters: false));
        using var ecdsa = certificate.GetECDsaPublicKey();
        return ecdsa is null ? null : Of(ecdsa, onlyFor: null);
    }

    private static RsaTokenKey? ReadRsaPem(string text)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(text);
            return new(rsa.ExportParameters(includePrivateParameters: false));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static EcTokenKey ReadEcPem(string text)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(text);
        return Of(ecdsa, onlyFor: null);
    }

    private static EcTokenKey Of(ECDsa key, string? onlyFor) => new(key.ExportParameters(includePrivateParameters: false), key.KeySize, onlyFor);

    /// <summary>Keys to encrypt by are not for tokens, and what is public can not be a secret.</summary>
    private static TokenKey? ReadJwk(ConfigObject key)
    {
        if (key["use"] is ConfigText { Text: not "sig" })
            return null;
        var onlyFor = (key["alg"] as ConfigText)?.Text;
        try
        {
            return (key["kty"] as ConfigText)?.Text switch
            {
                "RSA" => ReadRsaJwk(key, onlyFor),
                "EC" => ReadEcJwk(key, onlyFor),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static RsaTokenKey? ReadRsaJwk(ConfigObject key, string? onlyFor)
    {
        if (Number(key["n"], LongestModulus) is not { } modulus || Number(key["e"], LongestExponent) is not { } exponent)
            return null;
        using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return new(rsa.ExportParameters(includePrivateParameters: false), onlyFor);
    }

    private static EcTokenKey? ReadEcJwk(ConfigObject key, string? onlyFor)
    {
        ECCurve? curve = (key["crv"] as ConfigText)?.Text switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (curve is not { } known || Number(key["x"], LongestModulus) is not { } x || Number(key["y"], LongestModulus) is not { } y)
            return null;
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = known, Q = new ECPoint { X = x, Y = y } });
        return Of(ecdsa, onlyFor);
    }

    private static byte[]? Number(ConfigValue? value, int longest) =>
        value is ConfigText { Text: var text } && Base64Url.IsValid(text, out var length) && length > 0 && length <= longest ? Base64Url.DecodeFromChars(text) : null;
}
