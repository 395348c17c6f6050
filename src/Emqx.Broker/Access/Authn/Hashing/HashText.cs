using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>Hashes and salts as text.</summary>
internal static class HashText
{
    private const int SaltBytes = 16;

    /// <summary>Lower-case hexadecimal digits.</summary>
    public static byte[] Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[bytes.Length * 2];
        WriteHex(bytes, text);
        return text;
    }

    /// <summary>Writes lower-case hexadecimal digits, two a byte.</summary>
    public static void WriteHex(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        var digits = "0123456789abcdef"u8;
        for (var i = 0; i < bytes.Length; i++)
        {
            into[2 * i] = digits[bytes[i] >> 4];
            into[2 * i + 1] = digits[bytes[i] & 15];
        }
    }

    /// <summary>A salt as EMQX makes them: 32 hexadecimal digits.</summary>
    public static byte[] NewSalt() => Hex(RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>Whether two texts are the same but for the case of letters, as EMQX compares hashes; in a time that goes with their length alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool AreSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
            return false;
        var difference = 0;
        for (var i = 0; i < one.Length; i++)
            difference |= Lower(one[i]) ^ Lower(other[i]);
        return difference == 0;
    }

    /// <summary>Without a branch: both differences are negative for A to Z alone.</summary>
    private static int Lower(int letter) => letter + ((((64 - letter) & (letter - 91)) >> 31) & 32);
}
