namespace Emqx.Broker.Storage.Backups;

/// <summary>Cuts what is read of a file of rows into lines.</summary>
internal sealed class RowBuffer
{
    private const int MostRows = 256;
    private const int Least = 64 * 1024;

    private byte[] _bytes = new byte[Least];
    private int _begin;
    private int _end;

    /// <summary>The lines that are whole; at the end of a file the last one, too.</summary>
    public IReadOnlyList<byte[]> Take(bool isEnd)
    {
        var rows = new List<byte[]>();
        while (rows.Count < MostRows && _begin < _end)
        {
            var length = _bytes.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
            if (length < 0 && !isEnd)
                break;
            var row = _bytes.AsSpan(_begin, length < 0 ? _end - _begin : length);
            _begin += row.Length + (length < 0 ? 0 : 1);
            if (!row.IsEmpty)
                rows.Add(row.ToArray());
        }

        return rows;
    }

    /// <summary>Where more may be read to; some room at least.</summary>
    public Memory<byte> Room()
    {
        _bytes.AsSpan(_begin, _end - _begin).CopyTo(_bytes);
        (_begin, _end) = (0, _end - _begin);
        if (_end == _bytes.Length)
        {
            if (_end >= BackupArchive.LongestRow)
                throw new InvalidDataException($"invalid backup archive content: a row of more than {BackupArchive.LongestRow} bytes");
            Array.Resize(ref _bytes, _end * 2);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes were read to the room.</summary>
    public void Filled(int count) => _end += count;
}
