using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Emqx.Storage.Sqlite;

/// <summary>
/// A file of a few bytes beside the database: how many frames of the write-ahead log hold acknowledged changes. It is what shows that some of
/// them are gone, and, by being there, that there has been a database. Who has it open has the folder.
/// </summary>
internal sealed class WalMark : IDisposable
{
    private const int Length = 24;

    private readonly SafeFileHandle _file;
    private readonly string _wal;
    private SafeFileHandle? _log;

    private WalMark(SafeFileHandle file, string wal, bool isMade)
    {
        _file = file;
        _wal = wal;
        IsMade = isMade;
        Span<byte> bytes = stackalloc byte[Length];
        IsNew = RandomAccess.Read(file, bytes, 0) == 0;
        var (salts, frames) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        IsKnown = !IsNew && BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) == SealOf(salts, frames);
        if (IsKnown)
            (Salts, Frames) = (salts, frames);
    }

    /// <summary>There was no such file: the folder is new, or of an older version.</summary>
    public bool IsMade { get; }

    /// <summary>The file is made now, or no start has got as far as a whole database.</summary>
    public bool IsNew { get; }

    /// <summary>What the mark says can be read: where it cannot, it is not held against the log.</summary>
    public bool IsKnown { get; }

    public ulong Salts { get; private set; }

    /// <summary>Acknowledged frames of the round of those salts; 0: everything is in the database itself.</summary>
    public long Frames { get; private set; }

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the folder is in use or cannot be written.</summary>
    public static WalMark Open(string path, string wal)
    {
        var isMade = !File.Exists(path);
        return new(FolderAccess.OpenAlone(path), wal, isMade);
    }

    /// <summary>Notes that one more transaction is in the log.</summary>
    public void Advance()
    {
        Span<byte> header = stackalloc byte[WalFile.HeaderLength];
        _log ??= File.OpenHandle(_wal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.Read(_log, header, 0) < header.Length || !WalFile.TryReadHeader(header, out var pageLength, out var salts))
            return;
        var at = salts == Salts ? Frames : 0;
        var frame = header[..WalFile.FrameHeaderLength];
        for (var next = at + 1; ; next++)
        {
            var place = WalFile.HeaderLength + ((next - 1) * (WalFile.FrameHeaderLength + pageLength));
            if (RandomAccess.Read(_log, frame, place) < frame.Length || BinaryPrimitives.ReadUInt64BigEndian(frame[8..]) != salts)
                return;
            if (BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) == 0)
                continue;
            Write(salts, next);
            return;
        }
    }

    /// <summary>Everything goes into the database itself now: the log has nothing that could be missed. On disk when it returns.</summary>
    public void Clear()
    {
        _log?.Dispose();
        _log = null;
        Write(0, 0);
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose()
    {
        _log?.Dispose();
        _file.Dispose();
    }

    private static ulong SealOf(ulong salts, long frames) => ~(salts ^ BitOperations.RotateLeft((ulong)frames, 17)) * 0x9E3779B97F4A7C15;

    private void Write(ulong salts, long frames)
    {
        (Salts, Frames) = (salts, frames);
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, salts);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], frames);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], SealOf(salts, frames));
        RandomAccess.Write(_file, bytes, 0);
    }
}
