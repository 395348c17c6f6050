using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What is logged of the push gateway: where it begins and ends to fail. Never its headers and the whole of its address, which may hold secrets.</summary>
internal static partial class PrometheusLog
{
    [LoggerMessage(1, LogLevel.Warning, "The push gateway does not take the metrics: {Reason}")]
    public static partial void NotPushed(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information, "The push gateway takes the metrics again")]
    public static partial void PushedAgain(ILogger logger);
}
