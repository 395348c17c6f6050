using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>A key by which tokens are checked. Asked from many threads at once.</summary>
/// <param name="onlyFor">The one algorithm that it is for; null: all of its family.</param>
internal abstract class TokenKey(string? onlyFor)
{
    /// <summary>Whether the token was signed by it, in a way that belongs to it: the text of a public key is no secret that could have signed.</summary>
    public bool HasSigned(Token token)
    {
        if (onlyFor is not null && onlyFor != token.Algorithm.Name)
            return false;
        try
        {
            return Verifies(token);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    protected abstract bool Verifies(Token token);
}
