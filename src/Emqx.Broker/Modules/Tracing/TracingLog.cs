using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Log lines of the traces.</summary>
internal static partial class TracingLog
{
    [LoggerMessage(1, LogLevel.Warning, "The files of traces cannot be changed, lines are dropped until they can: {Reason}")]
    public static partial void WriteFailed(ILogger logger, string reason);
}
