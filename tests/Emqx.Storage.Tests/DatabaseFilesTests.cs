using System.Runtime.Versioning;
using Emqx.Storage.Sqlite;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Storage.Tests;

/// <summary>Files that are damaged, gone or open to others: what was acknowledged is there at the next start, or the start says that it is not.</summary>
public sealed class DatabaseFilesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-files").FullName;
    private string _data = "";
    private SqliteDatabase _database = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private string Live => Path.Combine(_folder, "live");

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Live);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Makes changes, one after the other, and copies the files as a process that dies leaves them.</summary>
    private async Task DieAfterAsync(int changes)
    {
        for (var i = 0; i < changes; i++)
            await Ban(i);
        Copy();
    }

    private ValueTask Ban(int number) => Stores.On(_database).Bans.SaveAsync(new("clientid", $"c{number}", "", "", 1, null), None);

    private void Copy()
    {
        _data = Directory.CreateTempSubdirectory("emqx-copy").FullName;
        Directory.Delete(_data);
        _data = Directory.CreateDirectory(Path.Combine(_folder, Path.GetFileName(_data))).FullName;
        foreach (var file in Directory.EnumerateFiles(Live).Order(StringComparer.Ordinal))
            OpenFiles.Copy(file, Path.Combine(_data, Path.GetFileName(file)));
    }

    private void Damage(string file, Action<byte[]> change)
    {
        var path = Path.Combine(_data, file);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private string Refused()
    {
        var message = Assert.Throws<IOException>(() => SqliteDatabase.Open(_data)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains(_data, message, StringComparison.Ordinal);
        return message;
    }

    private async Task<int> BansAsync()
    {
        await using var database = SqliteDatabase.Open(_data);
        return (await Stores.On(database).Bans.LoadAsync(None)).Count;
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task A_flipped_bit_in_the_log_is_told_wherever_it_is(double place)
    {
        await DieAfterAsync(6);
        Damage("emqx.db-wal", bytes => bytes[(int)(bytes.Length * place) + (place == 0 ? 17 : 0)] ^= 4);
        Assert.Contains("emqx.db-wal is damaged or missing", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_log_of_one_change_is_told()
    {
        await DieAfterAsync(1);
        Damage("emqx.db-wal", bytes => bytes[^100] ^= 1);
        Assert.Contains("emqx.db-wal is damaged or missing", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_gone_is_told()
    {
        await DieAfterAsync(3);
        File.Delete(Path.Combine(_data, "emqx.db-wal"));
        Refused();
    }

    [Fact]
    public async Task A_log_that_is_cut_short_is_told()
    {
        await DieAfterAsync(3);
        Damage("emqx.db-wal", static _ => { });
        using (var file = new FileStream(Path.Combine(_data, "emqx.db-wal"), FileMode.Open))
            file.SetLength(file.Length / 2);
        Refused();
    }

    [Fact]
    public async Task A_damaged_log_of_an_older_version_is_told()
    {
        await DieAfterAsync(6);
        File.Delete(Path.Combine(_data, "emqx.db-mark"));
        Damage("emqx.db-wal", static bytes => bytes[bytes.Length / 3] ^= 4);
        Refused();
    }

    [Fact]
    public async Task Whoever_takes_the_loss_starts_without_the_log_and_its_mark()
    {
        await DieAfterAsync(3);
        File.Delete(Path.Combine(_data, "emqx.db-wal"));
        Refused();
        File.Delete(Path.Combine(_data, "emqx.db-mark"));
        Assert.Equal(0, await BansAsync());
    }

    [Fact]
    public async Task A_write_that_was_cut_off_is_no_damage()
    {
        await DieAfterAsync(3);
        using (var file = new FileStream(Path.Combine(_data, "emqx.db-wal"), FileMode.Append))
            file.Write(new byte[5000]);
        Assert.Equal(3, await BansAsync());
        Assert.Equal(3, await BansAsync());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(20)]
    public async Task A_mark_that_is_damaged_costs_nothing(int place)
    {
        await DieAfterAsync(3);
        Damage("emqx.db-mark", bytes => bytes[place] ^= 1);
        Assert.Equal(3, await BansAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_database_where_one_had_been_is_told(bool ofOlderVersion)
    {
        await DieAfterAsync(1);
        File.WriteAllBytes(Path.Combine(_data, "emqx.db"), []);
        if (ofOlderVersion)
            File.Delete(Path.Combine(_data, "emqx.db-mark"));
        Assert.Contains("emqx.db is empty", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_gone_is_told()
    {
        await DieAfterAsync(1);
        File.Delete(Path.Combine(_data, "emqx.db"));
        Assert.Contains("emqx.db is missing", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_off_is_begun_again()
    {
        _data = Directory.CreateDirectory(Path.Combine(_folder, "first")).FullName;
        File.WriteAllBytes(Path.Combine(_data, "emqx.db-mark"), []);
        File.WriteAllBytes(Path.Combine(_data, "emqx.db"), []);
        Assert.Equal(0, await BansAsync());
    }

    [Fact]
    public async Task The_log_is_moved_into_the_database_at_the_start_when_idle_and_when_it_is_long()
    {
        var log = new FileInfo(Path.Combine(Live, "emqx.db-wal"));
        Assert.Equal(0, log.Exists ? log.Length : 0);
        await Ban(0);
        log.Refresh();
        Assert.NotEqual(0, log.Length);
        await Eventually.TrueAsync(() =>
        {
            log.Refresh();
            return log.Length == 0;
        }, "an empty log");
    }

    [Fact]
    public async Task Files_and_folder_are_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        await DieAfterAsync(1);
        Assert.Equal(Owner(isFolder: true), File.GetUnixFileMode(Live));
        AssertPrivate(Live);
        foreach (var file in Directory.EnumerateFiles(_data))
            File.SetUnixFileMode(file, Owner(isFolder: false) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var database = SqliteDatabase.Open(_data);
        AssertPrivate(_data);
    }

    [UnsupportedOSPlatform("windows")]
    private static void AssertPrivate(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            Assert.Equal(Owner(isFolder: false), File.GetUnixFileMode(file));
    }

    private static UnixFileMode Owner(bool isFolder) =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | (isFolder ? UnixFileMode.UserExecute : UnixFileMode.None);
}
