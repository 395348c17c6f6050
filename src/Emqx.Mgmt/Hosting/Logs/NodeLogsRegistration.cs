using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>Puts the node's log handlers in the place of the framework's.</summary>
internal static class NodeLogsRegistration
{
    /// <summary>The framework's own lines come from warnings up: they tell of every request and connection.</summary>
    public static ILoggingBuilder AddNodeLogs(this ILoggingBuilder logging, NodeConfiguration configuration)
    {
        var tap = new LogTap();
        var logs = new NodeLogs(configuration, TimeProvider.System, tap);
        logging.Services.AddSingleton(tap);
        logging.SetMinimumLevel(LogLevel.Trace);
        // Why a start failed is told by Program in one line; the host would add its stack.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter((category, level) => level >= logs.Least && (level >= LogLevel.Warning || category?.StartsWith("Microsoft.", StringComparison.Ordinal) != true));
        logging.Services.AddSingleton<ILoggerProvider>(_ => logs); // made by the container's hand, so that it is disposed of there
        return logging;
    }
}
