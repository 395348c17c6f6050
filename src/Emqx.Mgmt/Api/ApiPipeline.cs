using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Routing;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api;

/// <summary>The way of a request up to its operation: ASP.NET's own middleware, with EMQX's first checks and paths in front.</summary>
internal static class ApiPipeline
{
    /// <summary>The framework's mark that authentication is in place: without it a middleware that asks for a default scheme comes in front of all.</summary>
    private const string AuthenticationIsSet = "__AuthenticationMiddlewareSet";

    /// <summary>What the pipeline needs, whatever is mapped.</summary>
    public static IServiceCollection AddApiPipeline(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, EmqxProblemDetailsMapper>().AddProblemDetails();
        return services.AddRoutingCore().AddApiJson();
    }

    /// <summary>Maps the API's groups below its base and adds the pipeline: checks in EMQX's order, then the operation.</summary>
    public static WebApplication UseApiPipeline(this WebApplication app, Action<RouteGroupBuilder> map)
    {
        map(app.MapGroup(ManagementApi.Base).AddEndpointFilterFactory(ValidationFilter.Create));

        ((IApplicationBuilder)app).Properties[AuthenticationIsSet] = true; // policies name their schemes
        app.UseExceptionHandler();
        app.UseMiddleware<PeerFaults>();
        app.UseMiddleware<ApiRouting>(ApiRouter.From(((IEndpointRouteBuilder)app).DataSources));
        app.UseStatusCodePages(); // a status that nobody wrote a body for gets EMQX's
        app.UseRouting(); // for all else: what has an endpoint from the tree passes
        app.UseAuthorization();
        app.UseEndpoints(static _ => { });
        return app;
    }
}
