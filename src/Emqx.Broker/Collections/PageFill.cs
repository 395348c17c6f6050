namespace Emqx.Broker.Collections;

/// <summary>A page that is being filled with rows that come in order.</summary>
/// <param name="skip">Rows before the page.</param>
/// <param name="limit">Rows of the page.</param>
/// <param name="isCounting">Whether the rows behind the page are to be counted too.</param>
internal struct PageFill<TRow>(long skip, int limit, bool isCounting) where TRow : struct
{
    public RowPage<TRow> Page { get; } = new(limit);

    /// <summary>How many rows have come.</summary>
    public long Matched { get; private set; }

    /// <summary>Counts a row. Whether it stands before the page, so that there is nothing to add.</summary>
    public bool Skips() => ++Matched <= skip;

    /// <summary>Adds a row that was not skipped, or notes that something follows. False once nothing more needs to come.</summary>
    public readonly bool Add(in TRow row)
    {
        if (Page.Count < limit)
        {
            Page.Add(row);
            return true;
        }

        Page.HasNext = true;
        return isCounting;
    }

    /// <summary>All rows have come.</summary>
    public readonly void End()
    {
        if (isCounting)
            Page.Total = Matched;
    }
}
