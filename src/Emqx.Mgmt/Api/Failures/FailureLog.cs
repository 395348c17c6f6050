namespace Emqx.Mgmt.Api.Failures;

/// <summary>What is logged about requests that failed by their peer's doing.</summary>
internal static partial class FailureLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} refused with {Status}: its body is not what HTTP wants")]
    public static partial void RequestRefused(ILogger log, string method, int status);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended: its peer is gone")]
    public static partial void RequestAborted(ILogger log, string method);
}
