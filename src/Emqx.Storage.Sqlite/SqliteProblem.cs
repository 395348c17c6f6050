using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>Why a database cannot be used, in words for people.</summary>
internal static class SqliteProblem
{
    public static string Of(SqliteException error, string folder) => error.SqliteErrorCode switch
    {
        5 or 6 => $"the data folder {folder} is used by another process",
        8 => $"the data folder {folder} cannot be written",
        10 or 14 => $"the data folder {folder} cannot be read or written: {Plain(error)}",
        11 or 26 => $"{folder}: emqx.db is damaged or no database: {Plain(error)}",
        13 => $"{folder}: the disk is full",
        _ => $"{folder}: {Plain(error)}",
    };

    private static string Plain(SqliteException error)
    {
        var quote = error.Message.IndexOf('\'', StringComparison.Ordinal);
        return quote < 0 ? error.Message : error.Message[quote..].Trim('\'', '.');
    }
}
