using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Emqx.Broker.Tests.Access.Authn.Jwt;

/// <summary>Makes tokens for tests.</summary>
internal static class Tokens
{
    public static readonly byte[] Secret = "secret"u8.ToArray();

    /// <summary>A token that a secret has signed.</summary>
    public static string Hmac(string claims, byte[]? secret = null, string algorithm = "HS256") =>
        Signed($$"""{"alg":"{{algorithm}}","typ":"JWT"}""", claims, signed => CryptographicOperations.HmacData(HashOf(algorithm), secret ?? Secret, signed));

    public static string Rsa(string claims, RSA key, string algorithm = "RS256") => Signed($$"""{"alg":"{{algorithm}}"}""", claims,
        signed => key.SignData(signed, HashOf(algorithm), algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

    public static string Ec(string claims, ECDsa key, string algorithm) =>
        Signed($$"""{"alg":"{{algorithm}}"}""", claims, signed => key.SignData(signed, HashOf(algorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public static string Signed(string header, string claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Encode(sign(Encoding.UTF8.GetBytes(text)))}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static HashAlgorithmName HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
