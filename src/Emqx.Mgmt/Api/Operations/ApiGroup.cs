using System.Diagnostics.CodeAnalysis;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>
/// Operations under one path. What is declared on a group (tag, credentials, failures) holds for all that it contains.
/// It takes the place of ASP.NET's RouteGroupBuilder, which compiles every handler at start.
/// </summary>
internal sealed class ApiGroup : IEndpointConventionBuilder
{
    private readonly ApiGroup? _parent;
    private readonly string _prefix;
    private readonly List<Action<EndpointBuilder>> _conventions = [];
    private readonly List<Operation> _all;

    private ApiGroup(ApiGroup? parent, string prefix, List<Operation> all) => (_parent, _prefix, _all) = (parent, prefix, all);

    /// <summary>The root: operations are added to <paramref name="all"/>.</summary>
    public static ApiGroup Root(string prefix, List<Operation> all) => new(null, prefix, all);

    /// <summary>A group below this one.</summary>
    public ApiGroup MapGroup([StringSyntax("Route")] string prefix) => new(this, _prefix + prefix, _all);

    /// <summary>GET. The handler is a named static method: its name is the operationId, its XML comment the description.</summary>
    public Operation MapGet([StringSyntax("Route")] string pattern, Delegate handler) => Map("GET", pattern, handler);

    /// <summary>POST.</summary>
    public Operation MapPost([StringSyntax("Route")] string pattern, Delegate handler) => Map("POST", pattern, handler);

    /// <summary>PUT.</summary>
    public Operation MapPut([StringSyntax("Route")] string pattern, Delegate handler) => Map("PUT", pattern, handler);

    /// <summary>DELETE.</summary>
    public Operation MapDelete([StringSyntax("Route")] string pattern, Delegate handler) => Map("DELETE", pattern, handler);

    /// <summary>Any method.</summary>
    public Operation MapAny([StringSyntax("Route")] string pattern, Delegate handler) => Map(Operation.AnyMethod, pattern, handler);

    public void Add(Action<EndpointBuilder> convention) => _conventions.Add(convention);

    /// <summary>Applies what this group and those above it declare, outermost first.</summary>
    internal void Apply(EndpointBuilder endpoint)
    {
        _parent?.Apply(endpoint);
        foreach (var convention in _conventions) convention(endpoint);
    }

    private Operation Map(string method, string pattern, Delegate handler)
    {
        var operation = new Operation(this, method, _prefix + pattern, handler);
        _all.Add(operation);
        return operation;
    }
}
