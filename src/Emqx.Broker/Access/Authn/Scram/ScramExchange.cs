using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Access.Authn.Users;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>An exchange that waits for the client's last message.</summary>
internal sealed class ScramExchange
{
    private const int NonceBytes = 18;

    private readonly ScramFirst _first;
    private readonly string _nonce;
    private readonly string _question;

    public ScramExchange(ScramFirst first, AuthnUser user, int iterations)
    {
        _first = first;
        User = user;
        _nonce = first.Nonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        _question = $"r={_nonce},s={Convert.ToBase64String(user.Salt)},i={iterations}";
    }

    public AuthnUser User { get; }

    /// <summary>The server's first message: nonce, salt and rounds.</summary>
    public byte[] Question => Encoding.UTF8.GetBytes(_question);

    /// <summary>The server's last message to who knows the password; null for anybody else.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> data, ScramKeys keys)
    {
        var last = ScramFirst.TextOf(data) ?? "";
        var at = last.LastIndexOf(",p=", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var unproved = last[..at];
        var binding = Convert.ToBase64String(Encoding.UTF8.GetBytes(_first.Header));
        if (unproved != $"c={binding},r={_nonce}" && !unproved.StartsWith($"c={binding},r={_nonce},", StringComparison.Ordinal))
            return null;
        var exchange = Encoding.UTF8.GetBytes($"{_first.Bare},{_question},{unproved}");
        var proof = new byte[last.Length];
        return Convert.TryFromBase64String(last[(at + 3)..], proof, out var length) && keys.IsProof(proof.AsSpan(0, length), User.Hash, exchange)
            ? Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(keys.Sign(User.ServerKey, exchange)))
            : null;
    }
}
