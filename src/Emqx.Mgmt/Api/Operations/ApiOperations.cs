using Emqx.Mgmt.Api.Routing;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>All operations of this process: for the router, the API's description and the tests of conventions.</summary>
internal sealed class ApiOperations
{
    /// <summary>Maps all groups.</summary>
    public ApiOperations(Action<ApiGroup> map, IServiceProvider services)
    {
        var all = new List<Operation>();
        map(ApiGroup.Root("", all));
        All = all;
        Endpoints = [.. all.Select(operation => operation.Build(services))];
        foreach (var endpoint in Endpoints) Router.Add(endpoint);
    }

    public IReadOnlyList<Operation> All { get; }

    /// <summary>In the order of <see cref="All"/>.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints { get; }
    public ApiRouter Router { get; } = new();
}
