namespace Emqx.Mgmt.Api.Failures;

/// <summary>Ends requests that their peer broke off or did not send as HTTP wants it: its own affair, told at debug level and without a stack.</summary>
internal sealed class PeerFaults(RequestDelegate next, ILogger<PeerFaults> log)
{
    /// <summary>Runs the request; where its peer is at fault, answers if anybody can still hear it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException error)
        {
            FailureLog.RequestRefused(log, context.Request.Method, error.StatusCode);
            await AnswerAsync(context, error.StatusCode);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            FailureLog.RequestAborted(log, context.Request.Method);
            context.Abort();
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Headers.Connection = "close"; // where its next request begins is not known
        await Of(status).ExecuteAsync(context);
    }

    private static ApiFailure Of(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Failure.PayloadTooLarge.AsIs(),
        StatusCodes.Status408RequestTimeout => Failure.BadRequest.As(status, "The request's body came too slowly"),
        _ => Failure.BadRequest.As(status, "The request's body is not what HTTP wants"),
    };
}
