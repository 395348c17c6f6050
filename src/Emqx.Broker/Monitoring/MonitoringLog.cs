using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Monitoring;

/// <summary>Log lines of the node's watching over itself.</summary>
internal static partial class MonitoringLog
{
    [LoggerMessage(2, LogLevel.Warning, "Alarm {Name} is activated: {Message}")]
    public static partial void AlarmActivated(ILogger logger, string name, string message);

    [LoggerMessage(3, LogLevel.Warning, "Alarm {Name} is deactivated")]
    public static partial void AlarmDeactivated(ILogger logger, string name);

    [LoggerMessage(4, LogLevel.Warning, "{Count} client events were not published below $SYS: more came than could be handled")]
    public static partial void EventsDropped(ILogger logger, long count);
}
