using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>How tokens are signed.</summary>
internal enum TokenFamily
{
    /// <summary>By a secret that both sides have.</summary>
    Hmac,

    /// <summary>RSA, PKCS #1.</summary>
    Rsa,

    /// <summary>RSA, PSS.</summary>
    RsaPss,
    Ecdsa,
}

/// <summary>A signature algorithm of tokens (RFC 7518, 3.1). <c>none</c> is none of them.</summary>
/// <param name="Name">As tokens name it: <c>RS256</c>.</param>
internal readonly record struct TokenAlgorithm(string Name, TokenFamily Family, HashAlgorithmName Hash)
{
    private static readonly TokenAlgorithm[] s_all =
    [
        new("HS256", TokenFamily.Hmac, HashAlgorithmName.SHA256),
        new("HS384", TokenFamily.Hmac, HashAlgorithmName.SHA384),
        new("HS512", TokenFamily.Hmac, HashAlgorithmName.SHA512),
        new("RS256", TokenFamily.Rsa, HashAlgorithmName.SHA256),
        new("RS384", TokenFamily.Rsa, HashAlgorithmName.SHA384),
        new("RS512", TokenFamily.Rsa, HashAlgorithmName.SHA512),
        new("PS256", TokenFamily.RsaPss, HashAlgorithmName.SHA256),
        new("PS384", TokenFamily.RsaPss, HashAlgorithmName.SHA384),
        new("PS512", TokenFamily.RsaPss, HashAlgorithmName.SHA512),
        new("ES256", TokenFamily.Ecdsa, HashAlgorithmName.SHA256),
        new("ES384", TokenFamily.Ecdsa, HashAlgorithmName.SHA384),
        new("ES512", TokenFamily.Ecdsa, HashAlgorithmName.SHA512),
    ];

    /// <summary>The algorithm of that name; null where there is none.</summary>
    public static TokenAlgorithm? Find(string name)
    {
        foreach (var one in s_all)
        {
            if (one.Name == name)
                return one;
        }

        return null;
    }
}
