using System.Globalization;

namespace Emqx.Drivers.PostgreSql;

/// <summary>PostgreSQL's texts of values, by the numbers that it has for their types.</summary>
internal static class PostgreSqlText
{
    private const uint Boolean = 16, Bytes = 17, Int64 = 20, Int16 = 21, Int32 = 23, Int16Array = 1005, Int32Array = 1007, Int64Array = 1016;
    private const string HexPrefix = "\\x";

    /// <summary>The value of a text; the text itself where it stands for nothing else. Lists of whole numbers are written without their braces.</summary>
    public static object Read(string text, uint type) => type switch
    {
        Boolean => text == "t",
        Bytes when text.StartsWith(HexPrefix, StringComparison.Ordinal) => Convert.FromHexString(text.AsSpan(HexPrefix.Length)),
        Int16 or Int32 or Int64 => long.Parse(text, CultureInfo.InvariantCulture),
        Int16Array or Int32Array or Int64Array => text.Trim('{', '}'),
        _ => text,
    };
}
