using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Emqx.Broker.Storage.Backups;
using Xunit;

namespace Emqx.Broker.Tests.Storage;

/// <summary>Archives are read within bounds, and what is none, or reaches out of its folder, is refused.</summary>
public sealed class BackupReaderTests
{
    private const string Folder = "b";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read()
    {
        var file = new MemoryStream();
        await using (var writer = new BackupWriter(file, Folder))
        {
            await writer.WriteAsync(BackupArchive.Meta, "edition = ce", Cancellation);
            await writer.WriteAsync(new Numbers(600_000), Cancellation);
        }

        file.Position = 0;
        using var reader = new BackupReader(file, Folder);
        Assert.Equal(BackupArchive.Meta, await reader.NextAsync(Cancellation));
        Assert.Equal("edition = ce", await reader.ReadTextAsync(Cancellation));
        var rows = 0;
        for (var part = 0; await reader.NextAsync(Cancellation) is { } path; part++)
        {
            Assert.Equal($"tables/numbers/{part:D6}.jsonl", path);
            var lines = new RowBuffer();
            while (await reader.ReadRowsAsync(lines, Cancellation) is { Count: > 0 } found)
                foreach (var row in found)
                    Assert.Equal($"{rows++}", Encoding.ASCII.GetString(row));
        }

        Assert.Equal(600_000, rows);
    }

    [Theory]
    [InlineData("../b/x")]
    [InlineData("b/../../x")]
    [InlineData("/b/x")]
    [InlineData("c/x")]
    [InlineData("b/./x")]
    [InlineData("b//x")]
    public Task Paths_stay_in_the_folder(string path) => RefusedAsync(new UstarTarEntry(TarEntryType.RegularFile, path));

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public Task Nothing_but_files_and_folders_is_taken(TarEntryType type)
    {
        var entry = new UstarTarEntry(type, $"{Folder}/x");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "/etc/passwd";
        return RefusedAsync(entry);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    [InlineData('K')]
    public async Task A_header_that_asks_for_much_memory_is_refused(char type)
    {
        var header = Header($"{Folder}/x", "17777777777", type); // 2 GB
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAllAsync(Packed(header)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task Files_that_claim_more_than_there_is_end_too_early()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAllAsync(Packed(Header($"{Folder}/x", "00000100000", '0'))));
        Assert.Equal("Unexpected end of file", error.Message);
    }

    [Fact]
    public async Task More_than_the_bound_is_not_unpacked()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAllAsync(Packed(
            [.. Enumerable.Repeat(Header($"{Folder}/x", "00000000000", '0'), BackupArchive.MostEntries + 1).SelectMany(static header => header)])));
        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_is_bounded()
    {
        var file = await PackedAsync(new UstarTarEntry(TarEntryType.RegularFile, $"{Folder}/x") { DataStream = new MemoryStream(new byte[BackupArchive.LongestRow + 1]) });
        using var reader = new BackupReader(file, Folder);
        await reader.NextAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadRowsAsync(new RowBuffer(), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no archive")]
    public async Task What_is_no_archive_is_refused(string content)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAllAsync(new MemoryStream(Encoding.ASCII.GetBytes(content))));
        Assert.Equal("Unexpected end of file", error.Message);
    }

    private static async Task RefusedAsync(TarEntry entry)
    {
        var file = await PackedAsync(entry);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAllAsync(file));
    }

    private static async Task<MemoryStream> PackedAsync(TarEntry entry)
    {
        var file = new MemoryStream();
        await using (var tar = new TarWriter(new GZipStream(file, CompressionMode.Compress, leaveOpen: true), TarEntryFormat.Ustar))
            await tar.WriteEntryAsync(entry, Cancellation);
        file.Position = 0;
        return file;
    }

    private static MemoryStream Packed(byte[] tar)
    {
        var file = new MemoryStream();
        using (var zip = new GZipStream(file, CompressionMode.Compress, leaveOpen: true))
            zip.Write(tar);
        file.Position = 0;
        return file;
    }

    private static byte[] Header(string name, string size, char type)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name, header);
        Encoding.ASCII.GetBytes(size, header.AsSpan(124));
        header[156] = (byte)type;
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(static one => one), 8), header.AsSpan(148));
        return header;
    }

    private static async Task ReadAllAsync(Stream file)
    {
        using var reader = new BackupReader(file, Folder);
        while (await reader.NextAsync(Cancellation) is not null)
        {
            // On to the next.
        }
    }

    /// <summary>A table of so many numbers.</summary>
    private sealed class Numbers(int count) : IBackupTable
    {
        public string Name => "numbers";

        public IEnumerable<byte[]> Export() => Enumerable.Range(0, count).Select(static number => Encoding.ASCII.GetBytes($"{number}"));

        public ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
