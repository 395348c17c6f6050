using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>What delayed publishing logs.</summary>
internal static partial class DelayedLog
{
    [LoggerMessage(LogLevel.Error, "A delayed message to {Topic} could not be published")]
    public static partial void NotPublished(ILogger logger, string topic, Exception error);
}
