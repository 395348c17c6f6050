using Emqx.Broker.Cluster;
using Microsoft.AspNetCore.Diagnostics;

namespace Emqx.Mgmt.Api.Failures;

/// <summary>Turns what the framework reports (a crash, a refused request, a status without a body) into EMQX's error bodies.</summary>
internal sealed class EmqxProblemDetailsMapper : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    /// <summary>Writes the failure that fits the status.</summary>
    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var error = context.Exception ?? http.Features.Get<IExceptionHandlerFeature>()?.Error;
        return new(From(error, http.Response.StatusCode).ExecuteAsync(http));
    }

    private static ApiFailure From(Exception? error, int status) => error switch
    {
        NodeUnreachableException unreachable => Failure.BadRpc.Because(unreachable.Message),
        not null => Failure.InternalError.AsIs(), // what went wrong inside is for the log, not for peers
        null => Of(status).As(status, Of(status).Description),
    };

    private static Failure Of(int status) => status switch
    {
        401 => Failure.AuthorizationHeaderError,
        403 => Failure.Forbidden,
        404 => Failure.NotFound,
        415 => Failure.UnsupportedMediaType,
        429 => Failure.TooManyRequests,
        503 => Failure.ServiceUnavailable,
        >= 500 => Failure.InternalError,
        _ => Failure.BadRequest,
    };
}
