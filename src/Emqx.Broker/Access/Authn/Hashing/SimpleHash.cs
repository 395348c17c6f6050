using System.Security.Cryptography;
using Emqx.Broker.Collections;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>One round of a hash function over salt and password, or the password as it is (plain).</summary>
internal sealed class SimpleHash : PasswordAlgorithm
{
    private const int LongestOnStack = 512;
    private const int LongestDigest = 64;

    private readonly HashAlgorithmName? _function;
    private readonly bool _isSalted;
    private readonly bool _isSaltFirst;

    /// <param name="name">EMQX's name of the function.</param>
    /// <param name="saltPosition">prefix, suffix, or disable: a salt that is kept does not count then.</param>
    public SimpleHash(string name, string saltPosition)
    {
        _function = name switch
        {
            "md5" => HashAlgorithmName.MD5,
            "sha" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            "sha512" => HashAlgorithmName.SHA512,
            _ => null,
        };
        _isSalted = saltPosition != "disable";
        _isSaltFirst = saltPosition == "prefix";
    }

    public override bool IsSlow => false;

    public override PasswordHash Hash(ReadOnlySpan<byte> password)
    {
        var salt = _isSalted && _function is not null ? HashText.NewSalt() : [];
        var joined = new byte[password.Length + salt.Length];
        var length = Join(password, salt, joined);
        if (_function is not { } function)
            return new(joined, salt);
        var hash = HashText.Hex(CryptographicOperations.HashData(function, joined.AsSpan(0, length)));
        CryptographicOperations.ZeroMemory(joined);
        return new(hash, salt);
    }

    public override bool IsPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt)
    {
        var room = password.Length + salt.Length;
        var rented = room > LongestOnStack ? ByteBuffers.Rent(room) : null;
        Span<byte> joined = rented is null ? stackalloc byte[LongestOnStack] : rented;
        joined = joined[..Join(password, salt, joined)];
        var isSame = _function is { } function ? IsDigest(function, joined, hash) : HashText.AreSame(joined, hash);
        CryptographicOperations.ZeroMemory(joined);
        if (rented is not null)
            ByteBuffers.Return(rented);
        return isSame;
    }

    private static bool IsDigest(HashAlgorithmName function, ReadOnlySpan<byte> joined, ReadOnlySpan<byte> hash)
    {
        Span<byte> digest = stackalloc byte[LongestDigest];
        Span<byte> text = stackalloc byte[2 * LongestDigest];
        digest = digest[..CryptographicOperations.HashData(function, joined, digest)];
        HashText.WriteHex(digest, text);
        return HashText.AreSame(text[..(2 * digest.Length)], hash);
    }

    /// <summary>Salt and password in their order; gives the length.</summary>
    private int Join(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> into)
    {
        if (!_isSalted)
            salt = [];
        var first = _isSaltFirst ? salt : password;
        first.CopyTo(into);
        (_isSaltFirst ? password : salt).CopyTo(into[first.Length..]);
        return password.Length + salt.Length;
    }
}
