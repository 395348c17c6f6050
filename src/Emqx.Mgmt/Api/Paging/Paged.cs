using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Paging;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Page">Counted from 1.</param>
/// <param name="Limit">Rows a page, 1 to 10000.</param>
internal sealed record PageQuery(
    [Between(1, long.MaxValue, Expected = "pos_integer()")] long Page = 1,
    [Between(1, 10000)] int Limit = 100) : IQueryString<PageQuery>
{
    /// <summary>How many rows come before this page.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Skip => Math.Min(Page - 1, long.MaxValue / Limit) * Limit;

    /// <summary>The page for lists whose places are 32 bits: beyond them there is nothing in any case.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Number => (int)Math.Min(Page, int.MaxValue);
}

/// <summary>Which step of a walk through a list is asked for.</summary>
/// <param name="Cursor">From the answer before; left out or <c>none</c> to begin.</param>
/// <param name="Limit">Rows a step, 1 to 10000.</param>
internal sealed record CursorQuery(string? Cursor = null, [Between(1, 10000)] int Limit = 100) : IQueryString<CursorQuery>;

/// <summary>One page of a list.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Meta">Where the page stands.</param>
internal sealed record Paged<T>(IReadOnlyList<T> Data, PageMeta Meta);

/// <summary>Where a page stands.</summary>
/// <param name="Page">Counted from 1.</param>
/// <param name="Limit">Rows a page.</param>
/// <param name="Count">Rows that the filters select; left out where they would have to be scanned for it.</param>
/// <param name="Hasnext">Another page follows.</param>
internal sealed record PageMeta(long Page, int Limit, long? Count, bool? Hasnext);

/// <summary>One step of a walk.</summary>
internal sealed record CursorPage<T>(IReadOnlyList<T> Data, CursorMeta Meta);

/// <summary>Where a walk stands.</summary>
/// <param name="Count">Rows of this answer.</param>
/// <param name="Cursor">For the next step; left out at the end.</param>
internal sealed record CursorMeta(int Count, string? Cursor);
