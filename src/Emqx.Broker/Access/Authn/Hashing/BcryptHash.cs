using System.Text;
using BCrypt.Net;
using Bcrypt = BCrypt.Net.BCrypt;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>bcrypt. The hash has its rounds and its salt in itself, and may have been made elsewhere.</summary>
/// <param name="rounds">Of new hashes, a power of two.</param>
internal sealed class BcryptHash(int rounds) : PasswordAlgorithm
{
    /// <summary>A hash of so many rounds takes some seconds: one that was imported with more would hold up everybody else.</summary>
    private const int MostRounds = 15;

    private const char Version = 'b';
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override bool IsSlow => true;

    public override PasswordHash Hash(ReadOnlySpan<byte> password) =>
        new(Encoding.ASCII.GetBytes(Bcrypt.HashPassword(Encoding.UTF8.GetString(password), Bcrypt.GenerateSalt(rounds, Version))), []);

    public override bool IsPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt)
    {
        if (!IsInTime(hash))
            return false;
        try
        {
            return Bcrypt.Verify(s_utf8.GetString(password), Encoding.ASCII.GetString(hash));
        }
        catch (Exception error) when (error is SaltParseException or ArgumentException)
        {
            return false; // not made by bcrypt, or a password that nobody can have been given as text
        }
    }

    /// <summary>Whether the rounds, the number behind the version (<c>$2b$10$…</c>), are not too many.</summary>
    private static bool IsInTime(ReadOnlySpan<byte> hash)
    {
        var from = hash.Length < 3 ? -1 : hash[1..].IndexOf((byte)'$') + 2;
        return from > 1 && hash.Length > from + 2 && int.TryParse(hash.Slice(from, 2), out var given) && given <= MostRounds;
    }
}
