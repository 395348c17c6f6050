using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Log lines of the node as a whole.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Error, "A timer failed")]
    public static partial void TimerFailed(ILogger logger, Exception error);
}
