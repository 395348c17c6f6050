namespace Emqx.Mgmt.Api.Paging;

/// <summary>Makes pages: what handlers answer with goes between <c>data</c> and <c>meta</c>, here and nowhere else.</summary>
internal sealed class PagingFilter : IEndpointFilter
{
    public static readonly PagingFilter Instance = new();

    /// <summary>Puts the rows on the page asked for; failures pass.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var answer = result is INestedHttpResult nested ? nested.Result : result;
        return answer is IPageRows rows ? rows.On(MetaOf(PageOf(context), rows)) : result;
    }

    private static PageMeta MetaOf(PageQuery page, IPageRows rows) => new(page.Page, page.Limit, rows.Total, rows.HasNext);

    private static PageQuery PageOf(EndpointFilterInvocationContext context)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is PageQuery page)
                return page;
        }

        throw new InvalidOperationException("A list operation takes a PageQuery.");
    }
}

/// <summary>Declares pages on operations and groups.</summary>
internal static class PagingExtensions
{
    /// <summary>What the operation answers with is put on a page.</summary>
    public static TBuilder WithPaging<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(PagingFilter.Instance).WithMetadata(PagingFilter.Instance);
}
