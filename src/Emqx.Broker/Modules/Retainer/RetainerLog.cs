using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>What the retainer logs.</summary>
internal static partial class RetainerLog
{
    [LoggerMessage(2, LogLevel.Error, "{Count} changes of retained messages could not be written; they are tried again")]
    public static partial void NotWritten(ILogger logger, int count, Exception error);

    [LoggerMessage(3, LogLevel.Error, "A retained message in storage cannot be read and is left out")]
    public static partial void Unreadable(ILogger logger);
}
