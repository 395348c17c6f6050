using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>
/// The operations of one group. The framework asks for them several times (for authorization, for matching, for the API's
/// description); each is built once.
/// </summary>
internal sealed class LazyEndpoints(IServiceProvider services) : EndpointDataSource
{
    private readonly List<LazyEndpoint> _all = [];

    /// <summary>The operations where they are mapped on the server itself.</summary>
    public override IReadOnlyList<Endpoint> Endpoints =>
        GetGroupedEndpoints(new RouteGroupContext { Prefix = RoutePatternFactory.Parse(""), ApplicationServices = services });

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    /// <summary>The operations with all that their groups declare.</summary>
    public override IReadOnlyList<Endpoint> GetGroupedEndpoints(RouteGroupContext context)
    {
        var endpoints = new Endpoint[_all.Count];
        for (var i = 0; i < endpoints.Length; i++)
            endpoints[i] = _all[i].Build(context);
        return endpoints;
    }

    /// <summary>Adds an operation to a group.</summary>
    /// <param name="method">Null for any.</param>
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder group, string? method, string pattern, Delegate handler)
    {
        var source = group.DataSources.OfType<LazyEndpoints>().FirstOrDefault();
        if (source is null)
            group.DataSources.Add(source = new LazyEndpoints(group.ServiceProvider));

        var endpoint = new LazyEndpoint(method, RoutePatternFactory.Parse(pattern), handler);
        source._all.Add(endpoint);
        return new RouteHandlerBuilder([endpoint]);
    }
}
