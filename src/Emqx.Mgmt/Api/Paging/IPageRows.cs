namespace Emqx.Mgmt.Api.Paging;

/// <summary>What a list operation answers with: the rows of the page asked for, and what is known of the rest. <see cref="PagingFilter"/> makes the page.</summary>
internal interface IPageRows
{
    /// <summary>Rows that the filters select; null where nobody counted.</summary>
    long? Total { get; }

    /// <summary>Whether another page follows; null where EMQX does not tell.</summary>
    bool? HasNext { get; }

    /// <summary>The answer: the rows with <paramref name="meta"/> behind them.</summary>
    IResult On(PageMeta meta);
}
