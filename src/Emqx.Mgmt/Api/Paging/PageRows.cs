using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Paging;

/// <summary>The rows of one page.</summary>
internal sealed class PageRows<T>(IReadOnlyList<T> rows, long? total, bool? hasNext) : IPageRows, IResult, IEndpointMetadataProvider
{
    public long? Total => total;
    public bool? HasNext => hasNext;

    public IResult On(PageMeta meta) => Answer.Ok(new Paged<T>(rows, meta));

    public Task ExecuteAsync(HttpContext httpContext) => throw new InvalidOperationException("A list operation is mapped with WithPaging().");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Paged<T>), [Answer.ApplicationJson]));
}

/// <summary>Cuts pages out of lists that are at hand as a whole.</summary>
internal static class PageRows
{
    /// <summary>The rows of a page, each as <paramref name="show"/> makes it.</summary>
    public static PageRows<T> Of<TSource, T>(IReadOnlyList<TSource> all, PageQuery page, Func<TSource, T> show)
    {
        List<T> rows = [];
        for (var i = page.Skip; i < all.Count && rows.Count < page.Limit; i++)
            rows.Add(show(all[(int)i]));
        return new PageRows<T>(rows, all.Count, page.Skip + rows.Count < all.Count);
    }
}
