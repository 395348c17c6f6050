using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Timing;

/// <summary>Log lines of the clock work.</summary>
internal static partial class TimingLog
{
    [LoggerMessage(1, LogLevel.Error, "A timer failed")]
    public static partial void TimerFailed(ILogger logger, Exception error);
}
