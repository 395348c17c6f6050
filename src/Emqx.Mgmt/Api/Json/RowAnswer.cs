using System.Reflection;
using Emqx.Broker.Collections;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Json;

/// <summary>Writes one row of a list; <typeparamref name="TState"/> is what all rows share.</summary>
internal delegate void RowWriter<TRow, in TState>(RowBuffer json, in TRow row, TState state) where TRow : struct;

/// <summary>
/// A list whose rows are written straight from the broker's objects, in pieces as the client takes them. It gives the rows back
/// when it is done.
/// </summary>
/// <typeparam name="T">What the answer looks like, for the API's description.</typeparam>
/// <typeparam name="TRow">What is written.</typeparam>
/// <typeparam name="TState">What the writing of all rows shares.</typeparam>
internal sealed class RowAnswer<T, TRow, TState>(RowPage<TRow> rows, TState state, RowWriter<TRow, TState> write, RowMeta meta, int typicalRow)
    : IPageRows, IResult, IStatusCodeHttpResult, IEndpointMetadataProvider where TRow : struct
{
    private const int SmallestBuffer = 1024, LargestBuffer = 256 * 1024;

    /// <summary>The rows of a page, for <see cref="PagingFilter"/>.</summary>
    public RowAnswer(RowPage<TRow> rows, TState state, RowWriter<TRow, TState> write, int typicalRow) : this(rows, state, write, default, typicalRow)
    {
    }

    public int? StatusCode => StatusCodes.Status200OK;
    public long? Total => rows.Total;
    public bool? HasNext => rows.HasNext;

    public IResult On(PageMeta place) => new RowAnswer<T, TRow, TState>(rows, state, write, RowMeta.Of(place), typicalRow);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var capacity = Math.Clamp(rows.Count * typicalRow, SmallestBuffer, LargestBuffer);
        using var page = rows;
        using var body = new JsonBody(httpContext.Response, new RowBuffer(capacity, new RowTime(time.LocalTimeZone)));
        meta.Begin(body.Buffer);
        for (var next = 0; next < rows.Count;)
        {
            next = WriteUntilFull(body, next);
            if (body.IsFull)
                await body.SendAsync(httpContext.RequestAborted);
        }

        meta.End(body.Buffer, rows.Count);
        await body.CompleteAsync(httpContext.RequestAborted);
    }

    private int WriteUntilFull(JsonBody body, int next)
    {
        var json = body.Buffer;
        var all = rows.Rows;
        for (; next < all.Length && !body.IsFull; next++)
        {
            if (next > 0)
                json.Byte((byte)',');
            write(json, in all[next], state);
        }

        return next;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Answer.ApplicationJson]));
}

/// <summary>What stands around the rows of a list.</summary>
internal readonly struct RowMeta
{
    private readonly PageMeta? _page;
    private readonly string? _cursor;
    private readonly Form _form;

    private enum Form
    {
        Page,
        Walk,
        Array,
        Single,
    }

    private RowMeta(Form form, PageMeta? page = null, string? cursor = null) => (_form, _page, _cursor) = (form, page, cursor);

    /// <summary>Nothing: the answer is an array.</summary>
    public static RowMeta Array => new(Form.Array);

    /// <summary>Nothing at all: the answer is the one row.</summary>
    public static RowMeta Single => new(Form.Single);

    /// <summary>Of a page: page, limit, count (where somebody counted) and hasnext.</summary>
    public static RowMeta Of(PageMeta page) => new(Form.Page, page);

    /// <summary>Of a step of a walk: the count of its rows, and the cursor while more may follow.</summary>
    public static RowMeta Walk(string? cursor) => new(Form.Walk, cursor: cursor);

    public void Begin(RowBuffer json)
    {
        if (_form != Form.Single)
            json.Raw(_form == Form.Array ? "["u8 : "{\"data\":["u8);
    }

    public void End(RowBuffer json, int count)
    {
        if (_form != Form.Single)
            json.Byte((byte)']');
        if (_form is Form.Single or Form.Array)
            return;
        if (_form == Form.Walk)
            EndWalk(json, count);
        else
            EndPage(json, _page ?? throw new InvalidOperationException("A list operation is mapped with WithPaging()."));
        json.Raw("}}"u8);
    }

    private static void EndPage(RowBuffer json, PageMeta page)
    {
        json.Raw(",\"meta\":{\"page\":"u8);
        json.Number(page.Page);
        json.Raw(",\"limit\":"u8);
        json.Number(page.Limit);
        if (page.Count is { } total)
        {
            json.Raw(",\"count\":"u8);
            json.Number(total);
        }

        if (page.Hasnext is not { } hasNext)
            return;
        json.Raw(",\"hasnext\":"u8);
        json.Bool(hasNext);
    }

    private void EndWalk(RowBuffer json, int count)
    {
        json.Raw(",\"meta\":{\"count\":"u8);
        json.Number(count);
        if (_cursor is null)
            return;
        json.Raw(",\"cursor\":"u8);
        json.Text(_cursor);
    }
}
