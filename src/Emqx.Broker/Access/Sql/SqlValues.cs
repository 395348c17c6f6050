using System.Text;
using Emqx.Broker.Schema.Tree;
using Emqx.Drivers.Sql;

namespace Emqx.Broker.Access.Sql;

/// <summary>Rows of a database by the names of their columns.</summary>
internal static class SqlValues
{
    /// <summary>The value of a column; null where there is no such column. Of two of one name the last counts.</summary>
    public static ConfigValue? Find(SqlRows rows, int row, string column)
    {
        for (var i = rows.Columns.Count - 1; i >= 0; i--)
        {
            if (rows.Columns[i] == column)
                return ValueOf(rows.Rows[row][i]);
        }

        return null;
    }

    /// <summary>The bytes of a text or of bytes; null where there is no such column, or nothing in it.</summary>
    public static byte[]? FindBytes(SqlRows rows, int row, string column)
    {
        for (var i = rows.Columns.Count - 1; i >= 0; i--)
        {
            if (rows.Columns[i] == column && rows.Rows[row][i] is byte[] bytes)
                return bytes;
        }

        return Find(rows, row, column) switch
        {
            ConfigText text => Encoding.UTF8.GetBytes(text.Text),
            ConfigNumber number => Encoding.UTF8.GetBytes(number.Text),
            _ => null,
        };
    }

    private static ConfigValue ValueOf(object? value) => value switch
    {
        null => ConfigNull.Instance,
        bool flag => flag,
        long number => number,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => value.ToString() ?? "",
    };
}
