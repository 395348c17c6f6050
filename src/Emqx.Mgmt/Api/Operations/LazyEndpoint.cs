using Microsoft.AspNetCore.Routing.Patterns;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>One method of one path, with what is declared on it.</summary>
/// <param name="method">Null for any.</param>
internal sealed class LazyEndpoint(string? method, RoutePattern pattern, Delegate handler) : IEndpointConventionBuilder
{
    private static readonly SuppressMatchingMetadata s_foundByTheTree = new();
    private readonly List<Action<EndpointBuilder>> _conventions = [];
    private readonly List<Action<EndpointBuilder>> _last = [];
    private Endpoint? _built;

    public void Add(Action<EndpointBuilder> convention) => _conventions.Add(convention);

    public void Finally(Action<EndpointBuilder> finalConvention) => _last.Add(finalConvention);

    /// <summary>The endpoint, made when it is first asked for.</summary>
    public Endpoint Build(RouteGroupContext group)
    {
        if (_built is not null)
            return _built;

        var full = RoutePatternFactory.Combine(group.Prefix, pattern);
        var builder = new RouteEndpointBuilder(null, full, order: 0)
        {
            ApplicationServices = group.ApplicationServices, DisplayName = $"{method ?? "*"} {OperationPath.Of(full)}",
        };
        var lazy = new LazyHandler(handler, builder);
        AddMetadata(builder.Metadata, lazy);
        Apply(group.Conventions, builder);
        Apply(_conventions, builder);
        builder.RequestDelegate = lazy.RunAsync;
        Apply(_last, builder);
        Apply(group.FinallyConventions, builder);
        return _built = builder.Build();
    }

    private void AddMetadata(IList<object> metadata, LazyHandler lazy)
    {
        metadata.Add(handler.Method);
        if (method is not null)
            metadata.Add(new HttpMethodMetadata([method]));
        metadata.Add(s_foundByTheTree);
        metadata.Add(lazy);
    }

    private static void Apply(IReadOnlyList<Action<EndpointBuilder>> conventions, EndpointBuilder builder)
    {
        foreach (var convention in conventions)
            convention(builder);
    }
}
