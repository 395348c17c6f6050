using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>Log lines of the hooks.</summary>
internal static partial class HooksLog
{
    [LoggerMessage(1, LogLevel.Error, "A callback of the hook {Hook} failed")]
    public static partial void Failed(ILogger logger, string hook, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "A callback of the hook {Hook} has not answered in time")]
    public static partial void GivenUp(ILogger logger, string hook);

    [LoggerMessage(3, LogLevel.Error, "Work that a hook has handed over failed")]
    public static partial void WorkFailed(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Error, "What followed the verdict of a hook failed")]
    public static partial void AfterwardsFailed(ILogger logger, Exception error);
}
