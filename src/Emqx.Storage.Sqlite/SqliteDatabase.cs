using Emqx.Broker.Settings.Layers;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>The database of a data folder. One process at a time holds it.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly WalMark _mark;

    private SqliteDatabase(SqliteWriter writer, WalMark mark)
    {
        Writer = writer;
        _mark = mark;
    }

    public SqliteWriter Writer { get; }

    /// <summary>
    /// Opens or makes the database in the folder, which is made too. Throws <see cref="IOException"/> where it cannot be
    /// used: another process holds it, a newer build made it, it is damaged, changes are gone, the folder is not writable.
    /// </summary>
    public static SqliteDatabase Open(string folder)
    {
        var files = new DatabaseFiles(folder);
        var mark = files.Take();
        SqliteConnection? connection = null;
        try
        {
            files.Check(mark);
            connection = Connect(files.Database);
            Prepare(connection);
            SqliteMigrations.Run(connection);
            files.Restrict();
            var session = new SqliteSession(connection);
            session.Checkpoint(mark);
            return new(new SqliteWriter(session, mark), mark);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            mark.Dispose();
            if (e is SqliteException error)
                throw new IOException(SqliteProblem.Of(error, folder), error);
            throw;
        }
    }

    /// <summary>Opens the database of the folder; null with a problem that can be shown, or null and none where the folder is ":memory:".</summary>
    public static SqliteDatabase? TryOpen(string folder, out string? problem)
    {
        problem = null;
        if (folder == ConfigurationSources.InMemory)
            return null;
        try
        {
            return Open(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Has the library and its code loaded, for those who start and have a thread to spare until a folder can be opened.</summary>
    public static void LoadLibrary()
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ":memory:", Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT @one";
            command.Parameters.AddWithValue("@one", 1);
            using var reader = command.ExecuteReader();
            reader.Read();
        }
        catch (Exception error) when (error is SqliteException or DllNotFoundException or TypeInitializationException)
        {
            // Whoever opens the folder meets it again, and tells.
        }
    }

    /// <summary>What the API has changed in the configuration: needed before there are services.</summary>
    public ValueTask<IReadOnlyDictionary<string, string>> LoadSettingsAsync(CancellationToken cancellation) =>
        new SqliteSettingsStore(Writer).LoadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        _mark.Dispose();
    }

    private static SqliteConnection Connect(string file)
    {
        FolderAccess.MakeFile(file);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>
    /// WAL with FULL: a commit is on disk when it returns, also when the power goes. Exclusive: no shared memory, and
    /// nobody else. The writer itself moves the log into the database.
    /// </summary>
    private static void Prepare(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = 1;
        command.CommandText = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
            + "PRAGMA wal_autocheckpoint=0; BEGIN IMMEDIATE; COMMIT;";
        command.ExecuteNonQuery();
    }
}
