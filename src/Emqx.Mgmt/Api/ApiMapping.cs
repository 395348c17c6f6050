using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Operations;

namespace Emqx.Mgmt.Api;

/// <summary>
/// Maps operations on ASP.NET's own groups, each handler compiled at its first request. Being in this namespace and made for groups
/// it wins over the framework's methods of the same names, which compile all handlers at start.
/// </summary>
internal static class ApiMapping
{
    /// <summary>GET. The handler is a named static method: its name is the operationId, its XML comment the description.</summary>
    public static RouteHandlerBuilder MapGet(this RouteGroupBuilder group, [StringSyntax("Route")] string pattern, Delegate handler) =>
        LazyEndpoints.Map(group, HttpMethods.Get, pattern, handler);

    /// <summary>POST.</summary>
    public static RouteHandlerBuilder MapPost(this RouteGroupBuilder group, [StringSyntax("Route")] string pattern, Delegate handler) =>
        LazyEndpoints.Map(group, HttpMethods.Post, pattern, handler);

    /// <summary>PUT.</summary>
    public static RouteHandlerBuilder MapPut(this RouteGroupBuilder group, [StringSyntax("Route")] string pattern, Delegate handler) =>
        LazyEndpoints.Map(group, HttpMethods.Put, pattern, handler);

    /// <summary>DELETE.</summary>
    public static RouteHandlerBuilder MapDelete(this RouteGroupBuilder group, [StringSyntax("Route")] string pattern, Delegate handler) =>
        LazyEndpoints.Map(group, HttpMethods.Delete, pattern, handler);

    /// <summary>Any method.</summary>
    public static RouteHandlerBuilder MapAny(this IEndpointRouteBuilder group, [StringSyntax("Route")] string pattern, Delegate handler) =>
        LazyEndpoints.Map(group, method: null, pattern, handler);

    /// <summary>Makes the types of a group known to the API's JSON, from when the first JSON is read or written.</summary>
    /// <typeparam name="TJson">The group's context, <c>&lt;Group&gt;Json</c>.</typeparam>
    public static RouteGroupBuilder WithJson<TJson>(this RouteGroupBuilder group) where TJson : JsonSerializerContext, new()
    {
        ((IEndpointRouteBuilder)group).ServiceProvider.GetRequiredService<JsonContexts>().Add(static () => new TJson());
        return group;
    }
}
