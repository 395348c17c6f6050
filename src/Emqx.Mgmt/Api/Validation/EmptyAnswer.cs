using Emqx.Mgmt.Api.Routing;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A status with an empty body: what EMQX's HTTP server answers itself.</summary>
internal sealed class EmptyAnswer(int status) : IResult
{
    public static readonly EmptyAnswer BadRequest = new(StatusCodes.Status400BadRequest);

    public Task ExecuteAsync(HttpContext httpContext) => ApiRouting.Refuse(httpContext, status);
}
