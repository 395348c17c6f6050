using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>What delayed publishing logs.</summary>
internal static partial class DelayedLog
{
    [LoggerMessage(LogLevel.Error, "A delayed message to {Topic} could not be published")]
    public static partial void NotPublished(ILogger logger, string topic, Exception error);

    [LoggerMessage(LogLevel.Error, "Changes of the delayed messages could not be stored: {Added} added, {Removed} removed")]
    public static partial void NotStored(ILogger logger, int added, int removed, Exception error);
}
