using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>Log lines of the hooks.</summary>
internal static partial class HooksLog
{
    [LoggerMessage(1, LogLevel.Error, "A callback of the hook {Hook} failed")]
    public static partial void Failed(ILogger logger, string hook, Exception error);
}
