using System.Diagnostics;
using Emqx.Broker.Storage;
using Emqx.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Emqx.Storage.Tests;

/// <summary>The contract and what only files have: restarts, crashes, locks, versions.</summary>
public sealed class SqliteStoreTests : StoreContract, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-store").FullName;
    private SqliteDatabase _database = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "data"));
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override Stores Open() => Stores.On(_database);

    private protected override async ValueTask<Stores> ReopenAsync()
    {
        await _database.DisposeAsync();
        await InitializeAsync();
        return Stores.On(_database);
    }

    [Fact]
    public async Task What_was_acknowledged_is_in_the_files_of_a_process_that_dies()
    {
        var bans = Open().Bans;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => bans.SaveAsync(new("clientid", $"c{i}", "", "", 1, null), None).AsTask()));
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "data")))
            OpenFiles.Copy(file, Path.Combine(copy, Path.GetFileName(file)));

        await using var other = SqliteDatabase.Open(copy);
        Assert.Equal(200, (await Stores.On(other).Bans.LoadAsync(None)).Count);
    }

    [Fact]
    public async Task Concurrent_writers_share_commits()
    {
        var bans = Open().Bans;
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => bans.SaveAsync(new("clientid", $"c{i}", "", "", 1, null), None).AsTask()));
        Assert.InRange(_database.Writer.Commits, 1, 1000);
        Assert.Equal(5000, (await bans.LoadAsync(None)).Count);
    }

    [Fact]
    public async Task A_write_that_fails_fails_alone()
    {
        var writer = _database.Writer;
        using var gate = new ManualResetEventSlim();
        var first = writer.WriteAsync(_ => gate.Wait(None), None).AsTask();
        var bad = writer.WriteAsync(session => session.Execute("INSERT INTO nosuch VALUES (1)"), None).AsTask();
        var good = Open().Bans.SaveAsync(new("clientid", "c", "", "", 1, null), None).AsTask();
        gate.Set();
        await Task.WhenAll(first, good);
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Single(await Open().Bans.LoadAsync(None));
    }

    [Fact]
    public async Task What_waits_is_written_when_the_database_closes()
    {
        Open().Samples.Append(new StoredMonitorSample(1));
        Assert.Single(await (await ReopenAsync()).Samples.LoadAsync(0, None));
    }

    [Fact]
    public void Two_processes_do_not_share_a_folder() =>
        Assert.Contains("used by another process", Assert.Throws<IOException>(() => SqliteDatabase.Open(Path.Combine(_folder, "data"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_database_of_a_newer_build_is_not_touched()
    {
        await _database.Writer.WriteAsync(session => session.Execute("INSERT INTO schema_version VALUES (9999, 'future')"), None);
        await _database.DisposeAsync();
        Assert.Contains("newer version (9999)", Assert.Throws<IOException>(() => SqliteDatabase.Open(Path.Combine(_folder, "data"))).Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(_folder, "data"), recursive: true);
        await InitializeAsync();
    }

    [Fact]
    public void A_file_that_is_no_database_says_so()
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.WriteAllBytes(Path.Combine(other, "emqx.db"), [.. Enumerable.Repeat((byte)7, 8192)]);
        Assert.Contains(other, Assert.Throws<IOException>(() => SqliteDatabase.Open(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_again_is_quick()
    {
        await ReopenAsync();
        await _database.DisposeAsync();
        var clock = Stopwatch.StartNew();
        await InitializeAsync();
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
    }
}
