using System.Security.Cryptography;
using System.Text;

namespace Emqx.Mgmt.Accounts;

/// <summary>Hashes of API secrets. One round of SHA-256 with a salt is enough for 256 random bits, and quick enough for every request.</summary>
internal static class SecretHash
{
    public const int SaltSize = 16;
    private const int SecretBytes = 32;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new secret: 32 random bytes in base62.</summary>
    public static string NewSecret()
    {
        var number = new System.Numerics.BigInteger(RandomNumberGenerator.GetBytes(SecretBytes), isUnsigned: true);
        var text = new StringBuilder();
        for (; number > 0; number /= Base62.Length)
            text.Insert(0, Base62[(int)(number % Base62.Length)]);
        return text.ToString();
    }

    /// <summary>Hashes a secret with a salt.</summary>
    public static byte[] Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Compute(salt, secret, hash);
        return hash;
    }

    /// <summary>Compares in a time that tells nothing.</summary>
    public static bool Matches(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> secret)
    {
        Span<byte> computed = stackalloc byte[SHA256.HashSizeInBytes];
        Compute(salt, secret, computed);
        return CryptographicOperations.FixedTimeEquals(computed, hash);
    }

    private static void Compute(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secret, Span<byte> hash)
    {
        Span<byte> both = salt.Length + secret.Length <= 256 ? stackalloc byte[256] : new byte[salt.Length + secret.Length];
        salt.CopyTo(both);
        secret.CopyTo(both[salt.Length..]);
        SHA256.HashData(both[..(salt.Length + secret.Length)], hash);
    }
}
