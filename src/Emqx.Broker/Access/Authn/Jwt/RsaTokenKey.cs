using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>A public RSA key.</summary>
/// <param name="key">The runtime's keys are not made for several threads: each check has one of its own.</param>
internal sealed class RsaTokenKey(RSAParameters key, string? onlyFor = null) : TokenKey(onlyFor)
{
    protected override bool Verifies(Token token)
    {
        if (token.Algorithm.Family is not (TokenFamily.Rsa or TokenFamily.RsaPss))
            return false;
        var padding = token.Algorithm.Family == TokenFamily.Rsa ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        using var rsa = RSA.Create(key);
        return rsa.VerifyData(token.Signed.Span, token.Signature, token.Algorithm.Hash, padding);
    }
}
