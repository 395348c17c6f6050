using System.IO.Compression;
using System.Text;

namespace Emqx.Broker.Storage.Backups;

/// <summary>
/// Reads a backup, file by file, without unpacking it anywhere. The library's reader takes as much memory as a header asks for, and follows
/// links; this one takes files and folders of the one folder that an archive may have, and no more than its bounds. Whatever is wrong is an
/// <see cref="InvalidDataException"/> with words for people.
/// </summary>
/// <param name="file">The archive; stays open.</param>
/// <param name="folder">The folder that all must be in.</param>
internal sealed class BackupReader(Stream file, string folder) : IDisposable
{
    private const int Block = 512;
    private const int MostOfExtension = 64 * 1024;

    private readonly GZipStream _content = new(file, CompressionMode.Decompress, leaveOpen: true);
    private readonly byte[] _block = new byte[Block];
    private long _left; // bytes of the present file that were not read
    private int _padding;
    private long _total;
    private int _entries;

    /// <summary>Goes to the next file; gives its path below the folder, null at the end.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await PassAsync(_left + _padding, cancellation).ConfigureAwait(false);
            await FillAsync(_block, cancellation).ConfigureAwait(false);
            (_left, _padding) = (0, 0);
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
                return null;
            if (++_entries > BackupArchive.MostEntries)
                throw new InvalidDataException($"invalid backup archive content: more than {BackupArchive.MostEntries} files");
            if (ReadHeader() is { } name)
                return name;
        }
    }

    /// <summary>The whole of the present file as text.</summary>
    public async ValueTask<string> ReadTextAsync(CancellationToken cancellation)
    {
        if (_left > BackupArchive.LongestText)
            throw new InvalidDataException($"invalid backup archive content: a text of more than {BackupArchive.LongestText} bytes");
        var bytes = new byte[_left];
        await FillAsync(bytes, cancellation).ConfigureAwait(false);
        _left = 0;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Bytes of the present file that were not read.</summary>
    public long Left => _left;

    /// <summary>The next bytes of the present file, which must have so many.</summary>
    public async ValueTask ReadAsync(Memory<byte> bytes, CancellationToken cancellation)
    {
        if (bytes.Length > _left)
            throw End();
        await FillAsync(bytes, cancellation).ConfigureAwait(false);
        _left -= bytes.Length;
    }

    /// <summary>The next lines of the present file, a few or one that is long; none at its end.</summary>
    public async ValueTask<IReadOnlyList<byte[]>> ReadRowsAsync(RowBuffer rows, CancellationToken cancellation)
    {
        while (true)
        {
            var found = rows.Take(isEnd: _left == 0);
            if (found.Count > 0 || _left == 0)
                return found;
            var room = rows.Room();
            var count = (int)Math.Min(room.Length, _left);
            await FillAsync(room[..count], cancellation).ConfigureAwait(false);
            _left -= count;
            rows.Filled(count);
        }
    }

    public void Dispose() => _content.Dispose();

    /// <summary>The path of a file; null for what is passed over.</summary>
    private string? ReadHeader()
    {
        if (!HasItsSum())
            throw End();
        _left = Number(_block.AsSpan(124, 12));
        _padding = (int)((Block - _left % Block) % Block);
        switch ((char)_block[156])
        {
            case '0' or '\0':
                return PathOf(NameOf());
            case '5':
                PathOf(NameOf());
                return null;
            case 'x' or 'g' when _left <= MostOfExtension:
                return null; // times and owners, or a name that is too long for any of ours
            default:
                throw new InvalidDataException("invalid backup archive content: something other than files and folders");
        }
    }

    private string PathOf(string name)
    {
        var parts = name.TrimEnd('/').Split('/');
        if (parts[0] != folder || Array.Exists(parts, static part => part is "" or "." or ".."))
            throw new InvalidDataException("invalid backup archive content: all files in the archive must be under <backup name> directory");
        return string.Join('/', parts[1..]);
    }

    private string NameOf()
    {
        var name = Text(_block.AsSpan(0, 100));
        var prefix = Text(_block.AsSpan(345, 155));
        return prefix.Length > 0 && _block.AsSpan(257, 5).SequenceEqual("ustar"u8) ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field);

    /// <summary>Octal digits between blanks; sizes in other notations are beyond any bound here.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        long number = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw End();
            number = number * 8 + (digit - '0');
        }

        return number;
    }

    private bool HasItsSum()
    {
        var sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? 0 : _block[i];
        return Number(_block.AsSpan(148, 8)) == sum;
    }

    private async ValueTask PassAsync(long count, CancellationToken cancellation)
    {
        var bytes = new byte[Math.Min(count, 64 * 1024)];
        while (count > 0)
        {
            var some = bytes.AsMemory(0, (int)Math.Min(count, bytes.Length));
            await FillAsync(some, cancellation).ConfigureAwait(false);
            count -= some.Length;
        }
    }

    private async ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancellation)
    {
        _total += bytes.Length;
        if (_total > BackupArchive.MostBytes)
            throw new InvalidDataException($"invalid backup archive content: more than {BackupArchive.MostBytes} bytes");
        try
        {
            await _content.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw End();
        }
    }

    private static InvalidDataException End() => new("Unexpected end of file");
}
