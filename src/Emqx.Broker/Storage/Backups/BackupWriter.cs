using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Emqx.Broker.Storage.Backups;

/// <summary>Writes a backup. It never holds more than one file of rows.</summary>
/// <param name="file">Where it is written; stays open.</param>
/// <param name="folder">The archive's one folder.</param>
internal sealed class BackupWriter(Stream file, string folder) : IAsyncDisposable
{
    private readonly TarWriter _tar = new(new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true), TarEntryFormat.Ustar);

    /// <summary>Writes a text.</summary>
    public Task WriteAsync(string name, string text, CancellationToken cancellation) => WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), cancellation);

    /// <summary>Writes the rows of a table set.</summary>
    public async Task WriteAsync(IBackupTable table, CancellationToken cancellation)
    {
        var part = new MemoryStream();
        var count = 0;
        foreach (var row in table.Export())
        {
            part.Write(row);
            part.WriteByte((byte)'\n');
            if (part.Length < BackupArchive.FullPart)
                continue;
            await WriteAsync(PartName(table, count++), part, cancellation).ConfigureAwait(false);
            part.SetLength(0);
        }

        if (part.Length > 0)
            await WriteAsync(PartName(table, count), part, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private static string PartName(IBackupTable table, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{BackupArchive.Tables}/{table.Name}/{number:D6}.jsonl");

    private Task WriteAsync(string name, MemoryStream content, CancellationToken cancellation)
    {
        content.Position = 0;
        var entry = new UstarTarEntry(TarEntryType.RegularFile, $"{folder}/{name}") { DataStream = content, Mode = PrivateFolder.File };
        return _tar.WriteEntryAsync(entry, cancellation);
    }
}
