using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>A secret that tokens are signed and checked by; of any length, as in EMQX.</summary>
internal sealed class SecretTokenKey(byte[] secret) : TokenKey(onlyFor: null)
{
    protected override bool Verifies(Token token) => token.Algorithm.Family == TokenFamily.Hmac
        && CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(token.Algorithm.Hash, secret, token.Signed.Span), token.Signature);
}
