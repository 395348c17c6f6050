using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>Brings the tables to the form that this build knows: the numbered scripts in Migrations/, each once, in order.</summary>
internal static class SqliteMigrations
{
    private const string Folder = ".Migrations.";

    /// <summary>Throws <see cref="IOException"/> where the file was made by a newer build.</summary>
    public static void Run(SqliteConnection connection)
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT");
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT coalesce(max(version), 0) FROM schema_version";
        var present = (long)query.ExecuteScalar()!;
        var last = 0;
        foreach (var (version, name, resource) in Scripts())
        {
            last = version;
            if (version > present)
                Apply(connection, version, name, resource);
        }

        if (present > last)
            throw new IOException($"the database is of a newer version ({present}) than this build knows ({last})");
    }

    private static void Apply(SqliteConnection connection, int version, string name, string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, reader.ReadToEnd());
        Execute(connection, $"INSERT INTO schema_version VALUES ({version}, '{name}')");
        transaction.Commit();
    }

    private static IEnumerable<(int Version, string Name, string Resource)> Scripts() =>
        from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        let at = resource.IndexOf(Folder, StringComparison.Ordinal)
        where at >= 0
        let name = resource[(at + Folder.Length)..^".sql".Length]
        orderby name
        select (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, resource);

#pragma warning disable CA2100 // The scripts are part of the build.
    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100
}
