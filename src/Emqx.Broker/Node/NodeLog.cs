using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Log lines of the node as a whole.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Error, "Regular work of {Module} failed")]
    public static partial void TickFailed(ILogger logger, string module, Exception error);

    [LoggerMessage(2, LogLevel.Error, "{Module} has ended before the node")]
    public static partial void ModuleFailed(ILogger logger, string module, Exception error);

    [LoggerMessage(4, LogLevel.Error, "A subscriber in this process to {Filter} failed")]
    public static partial void SubscriberFailed(ILogger logger, string filter, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);
}
