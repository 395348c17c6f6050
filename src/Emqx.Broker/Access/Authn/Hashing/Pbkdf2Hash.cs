using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>PBKDF2 (RFC 8018) with HMAC; hashes are hexadecimal.</summary>
internal sealed class Pbkdf2Hash : PasswordAlgorithm
{
    /// <summary>So many rounds in all take some seconds.</summary>
    public const long MostRounds = 10_000_000;

    /// <summary>Up to so many a hash is made in a fraction of a millisecond, and not worth the way to another thread.</summary>
    private const long FewRounds = 256;

    private readonly HashAlgorithmName? _function;
    private readonly int _iterations;
    private readonly int _length;

    /// <param name="function">EMQX's name of the hash function.</param>
    /// <param name="iterations">Rounds for each block of the hash.</param>
    /// <param name="length">Bytes of the hash; -1 for those of the function.</param>
    public Pbkdf2Hash(string function, int iterations, int length)
    {
        (_function, var natural) = function switch
        {
            "sha" => (HashAlgorithmName.SHA1, SHA1.HashSizeInBytes),
            "sha224" => ((HashAlgorithmName?)null, Sha224.Length),
            "sha256" => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
            "sha384" => (HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
            "sha512" => (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
            _ => throw new NotSupportedException($"{function} is no longer supported for pbkdf2"),
        };
        _iterations = iterations;
        _length = length > 0 ? length : natural;
        IsSlow = Rounds(iterations, length, natural) > FewRounds;
    }

    public override bool IsSlow { get; }

    /// <summary>Rounds in all for a hash of that length in bytes; -1 for one block.</summary>
    public static long Rounds(long iterations, long length, int block = SHA1.HashSizeInBytes) =>
        length <= block ? iterations : Math.Min(iterations, MostRounds + 1) * ((Math.Min(length, int.MaxValue) + block - 1) / block);

    public override PasswordHash Hash(ReadOnlySpan<byte> password)
    {
        var salt = HashText.NewSalt();
        return new(HashText.Hex(Derive(password, salt)), salt);
    }

    public override bool IsPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt) =>
        HashText.AreSame(HashText.Hex(Derive(password, salt)), hash);

    private byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt)
    {
        var key = new byte[_length];
        if (_function is { } function)
            Rfc2898DeriveBytes.Pbkdf2(password, salt, key, _iterations, function);
        else
            Sha224.Pbkdf2(password, salt, key, _iterations);
        return key;
    }
}
