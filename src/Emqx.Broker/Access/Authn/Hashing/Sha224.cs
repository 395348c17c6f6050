using System.Buffers.Binary;
using System.Numerics;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>SHA-224 (FIPS 180-4, 5.3.2), which the runtime lacks, and PBKDF2 with it.</summary>
internal static class Sha224
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = 28;

    private const int Block = 64;
    private const int Words = 8;

    private static readonly uint[] s_initial = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

    private static readonly uint[] s_constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Hashes a message.</summary>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> into) => Continue(s_initial, 0, message, into);

    /// <summary>Fills the key with PBKDF2-HMAC-SHA-224.</summary>
    public static void Pbkdf2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> key, int iterations)
    {
        Span<uint> inner = stackalloc uint[Words];
        Span<uint> outer = stackalloc uint[Words];
        Pad(password, 0x36, inner);
        Pad(password, 0x5c, outer);
        Span<byte> round = stackalloc byte[Length];
        Span<byte> sum = stackalloc byte[Length];
        var first = new byte[salt.Length + sizeof(uint)];
        salt.CopyTo(first);
        for (var (done, number) = (0, 1u); done < key.Length; done += Length, number++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(salt.Length), number);
            Mac(inner, outer, first, round);
            round.CopyTo(sum);
            for (var i = 1; i < iterations; i++)
            {
                Mac(inner, outer, round, round);
                for (var at = 0; at < Length; at++)
                    sum[at] ^= round[at];
            }

            sum[..Math.Min(Length, key.Length - done)].CopyTo(key[done..]);
        }
    }

    /// <summary>The state after HMAC's first block.</summary>
    private static void Pad(ReadOnlySpan<byte> password, byte pad, Span<uint> state)
    {
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        if (password.Length > Block)
            Hash(password, block);
        else
            password.CopyTo(block);
        foreach (ref var one in block)
            one ^= pad;
        s_initial.CopyTo(state);
        Compress(state, block);
    }

    private static void Mac(ReadOnlySpan<uint> inner, ReadOnlySpan<uint> outer, ReadOnlySpan<byte> message, Span<byte> into)
    {
        Continue(inner, Block, message, into);
        Continue(outer, Block, into, into);
    }

    /// <summary>Hashes the end of a message.</summary>
    /// <param name="state">After what came before.</param>
    /// <param name="before">So many bytes came before: whole blocks.</param>
    private static void Continue(ReadOnlySpan<uint> state, int before, ReadOnlySpan<byte> message, Span<byte> into)
    {
        Span<uint> now = stackalloc uint[Words];
        state.CopyTo(now);
        var length = 8L * (before + message.Length);
        for (; message.Length >= Block; message = message[Block..])
            Compress(now, message[..Block]);

        Span<byte> tail = stackalloc byte[2 * Block];
        tail.Clear();
        message.CopyTo(tail);
        tail[message.Length] = 0x80;
        var end = message.Length + 1 + sizeof(long) <= Block ? Block : 2 * Block;
        BinaryPrimitives.WriteInt64BigEndian(tail[(end - sizeof(long))..], length);
        for (var at = 0; at < end; at += Block)
            Compress(now, tail.Slice(at, Block));
        for (var i = 0; i < Length / sizeof(uint); i++)
            BinaryPrimitives.WriteUInt32BigEndian(into[(i * sizeof(uint))..], now[i]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Block];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < words.Length; i++)
        {
            var low = BitOperations.RotateRight(words[i - 15], 7) ^ BitOperations.RotateRight(words[i - 15], 18) ^ (words[i - 15] >> 3);
            var high = BitOperations.RotateRight(words[i - 2], 17) ^ BitOperations.RotateRight(words[i - 2], 19) ^ (words[i - 2] >> 10);
            words[i] = words[i - 16] + low + words[i - 7] + high;
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < words.Length; i++)
        {
            var one = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + s_constants[i] + words[i];
            var two = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }

        Span<uint> sums = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < Words; i++)
            state[i] += sums[i];
    }
}
