using Microsoft.AspNetCore.Routing.Patterns;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>One method of one path and its handler, which is compiled when the first request comes.</summary>
internal sealed class Operation(ApiGroup group, string method, string path, Delegate handler) : IEndpointConventionBuilder
{
    public const string AnyMethod = "*";

    private readonly List<Action<EndpointBuilder>> _conventions = [];

    public string Method => method;

    /// <summary>From the server's root, with <c>{names}</c>.</summary>
    public string Path => path;
    public Delegate Handler => handler;

    public void Add(Action<EndpointBuilder> convention) => _conventions.Add(convention);

    /// <summary>The endpoint with everything that the operation and its groups declare.</summary>
    public RouteEndpoint Build(IServiceProvider services)
    {
        var builder = new RouteEndpointBuilder(null, RoutePatternFactory.Parse(path), order: 0) { ApplicationServices = services, DisplayName = $"{method} {path}" };
        builder.Metadata.Add(handler.Method);
        builder.Metadata.Add(this);
        group.Apply(builder);
        foreach (var convention in _conventions) convention(builder);
        var runner = new OperationRunner(handler, builder.RoutePattern, services);
        builder.RequestDelegate = runner.RunAsync;
        return (RouteEndpoint)builder.Build();
    }

    /// <summary>What the handler's signature says about parameters and answers. Slow; for the API's description and tests.</summary>
    public IReadOnlyList<object> Describe(IServiceProvider services)
    {
        var builder = new RouteEndpointBuilder(null, RoutePatternFactory.Parse(path), order: 0) { ApplicationServices = services };
        var options = OperationRunner.OptionsFor(builder.RoutePattern, services, builder);
        RequestDelegateFactory.InferMetadata(handler.Method, options);
        return [.. builder.Metadata];
    }
}
