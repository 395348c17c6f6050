using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Memory;

/// <summary>Log lines of what is done about memory.</summary>
internal static partial class MemoryLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} sessions were ended, the latest of them of {ClientId}: more waited in it than force_shutdown.max_heap_size, {Bytes} bytes")]
    public static partial void Overweight(ILogger logger, long count, string clientId, long bytes);
}
