using System.Security.Cryptography;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>The arithmetic of SCRAM (RFC 5802, 3) with the hash function of some settings.</summary>
internal sealed class ScramKeys
{
    private readonly HashAlgorithmName _function;
    private readonly int _length;

    public ScramKeys(SettingsReader settings)
    {
        var isLong = settings.Text(ScramDatabase.Algorithm) == "sha512";
        (_function, _length) = isLong ? (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes) : (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        Method = isLong ? "SCRAM-SHA-512" : "SCRAM-SHA-256";
        Iterations = Math.Max(1, settings.Int(ScramDatabase.IterationCount));
    }

    /// <summary>The name by which clients choose it.</summary>
    public string Method { get; }

    public int Iterations { get; }

    /// <summary>What is kept of a password.</summary>
    public (byte[] StoredKey, byte[] ServerKey) Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, _function, _length);
        return (CryptographicOperations.HashData(_function, Sign(salted, "Client Key"u8)), Sign(salted, "Server Key"u8));
    }

    /// <summary>Whether a proof was made by somebody who knows the password.</summary>
    public bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> exchange)
    {
        if (proof.Length != _length || storedKey.Length != _length)
            return false;
        var clientKey = Sign(storedKey, exchange);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= proof[i];
        return CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(_function, clientKey), storedKey);
    }

    /// <summary>HMAC.</summary>
    public byte[] Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) => CryptographicOperations.HmacData(_function, key, message);
}
