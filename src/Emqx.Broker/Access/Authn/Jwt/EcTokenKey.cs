using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>A public key on one of the curves P-256, P-384 and P-521.</summary>
/// <param name="key">The runtime's keys are not made for several threads: each check has one of its own.</param>
/// <param name="bits">Bits of the curve; each algorithm belongs to one (RFC 7518, 3.4).</param>
internal sealed class EcTokenKey(ECParameters key, int bits, string? onlyFor = null) : TokenKey(onlyFor)
{
    protected override bool Verifies(Token token)
    {
        if (token.Algorithm.Family != TokenFamily.Ecdsa || bits != BitsOf(token.Algorithm.Hash))
            return false;
        using var ecdsa = ECDsa.Create(key);
        return ecdsa.VerifyData(token.Signed.Span, token.Signature, token.Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static int BitsOf(HashAlgorithmName hash) => hash == HashAlgorithmName.SHA256 ? 256 : hash == HashAlgorithmName.SHA384 ? 384 : 521;
}
