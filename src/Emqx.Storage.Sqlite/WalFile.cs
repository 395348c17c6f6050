using System.Buffers.Binary;

namespace Emqx.Storage.Sqlite;

/// <summary>
/// SQLite's write-ahead log, read as SQLite reads it (https://sqlite.org/fileformat2.html, section 4): it takes frames up to the first whose
/// salts or checksum are wrong, and says nothing of those behind it.
/// </summary>
internal static class WalFile
{
    public const int HeaderLength = 32;
    public const int FrameHeaderLength = 24;
    private const uint Magic = 0x377f0682;
    private const int LargestPage = 65536;

    /// <summary>What there is in the file. An absent one is empty.</summary>
    public static WalContent Read(string path)
    {
        if (!File.Exists(path))
            return default;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || header.IndexOfAnyExcept((byte)0) < 0)
            return default;
        if (!TryReadHeader(header, out var pageLength, out var isBigEndian, out var sums))
            return new WalContent { IsHeaderBroken = file.Length > HeaderLength };
        return ReadFrames(file, header[16..24], pageLength, isBigEndian, sums);
    }

    /// <summary>The length of a page, and the salts that mark the frames of the present round; false where the header is none.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int pageLength, out ulong salts)
    {
        salts = BinaryPrimitives.ReadUInt64BigEndian(header[16..]);
        return TryReadHeader(header, out pageLength, out _, out _);
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> header, out int pageLength, out bool isBigEndian, out (uint, uint) sums)
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        isBigEndian = (magic & 1) != 0;
        pageLength = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        sums = Sum((0, 0), header[..24], isBigEndian);
        return (magic & ~1u) == Magic && pageLength is >= 512 and <= LargestPage && (pageLength & (pageLength - 1)) == 0
            && sums == (BinaryPrimitives.ReadUInt32BigEndian(header[24..]), BinaryPrimitives.ReadUInt32BigEndian(header[28..]));
    }

    private static WalContent ReadFrames(FileStream file, ReadOnlySpan<byte> salts, int pageLength, bool isBigEndian, (uint, uint) sums)
    {
        var frame = new byte[FrameHeaderLength + pageLength];
        var content = new WalContent { Salts = BinaryPrimitives.ReadUInt64BigEndian(salts) };
        var isWhole = true;
        for (var number = 1L; file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; number++)
        {
            var isOfRound = frame.AsSpan(8, 8).SequenceEqual(salts);
            var commits = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0;
            if (isWhole)
            {
                sums = Sum(Sum(sums, frame.AsSpan(0, 8), isBigEndian), frame.AsSpan(FrameHeaderLength), isBigEndian);
                isWhole = isOfRound && sums == (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(20)));
            }

            if (isWhole && commits)
                content = content with { Frames = number };
            else if (!isWhole && isOfRound && commits)
                content = content with { CommitsBehind = content.CommitsBehind + 1 };
        }

        return content;
    }

    private static (uint, uint) Sum((uint First, uint Second) sums, ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var (first, second) = sums;
        for (var i = 0; i + 8 <= bytes.Length; i += 8)
        {
            first += Word(bytes[i..], isBigEndian) + second;
            second += Word(bytes[(i + 4)..], isBigEndian) + first;
        }

        return (first, second);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
