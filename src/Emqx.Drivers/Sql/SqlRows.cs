namespace Emqx.Drivers.Sql;

/// <summary>What a statement has given.</summary>
/// <param name="Columns">Their names.</param>
/// <param name="Rows">Values in the order of the columns: null, bool, long, byte[], or string for all else.</param>
internal sealed record SqlRows(IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Rows of an answer; more are no answer.</summary>
    public const int Most = 10_000;

    /// <summary>Characters of an answer; more are no answer.</summary>
    public const int LongestText = 1 << 20;
}
