using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Hosting;

/// <summary>The log on the console, at the level of the root <c>log</c>, which may change while the node runs.</summary>
internal static class ConsoleLog
{
    /// <summary>Logs to the console. The framework's own lines come from warnings up: they tell of every request and connection.</summary>
    public static ILoggingBuilder AddConsoleLog(this ILoggingBuilder logging, NodeConfiguration configuration)
    {
        var least = LevelOf(configuration.Log.Level);
        configuration.Running.Follow(["log"], () => least = LevelOf(configuration.Log.Level));
        logging.SetMinimumLevel(LogLevel.Trace);
        // Why a start failed is told by Program in one line; the host would add its stack.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter((category, level) => level >= least && (level >= LogLevel.Warning || category?.StartsWith("Microsoft.", StringComparison.Ordinal) != true));
        return configuration.Log.Json ? logging.AddJsonConsole() : logging.AddSimpleConsole(static console => console.SingleLine = true);
    }

    /// <summary>What EMQX's word stands for.</summary>
    private static LogLevel LevelOf(string word) => word switch
    {
        "all" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "notice" => LogLevel.Information,
        "error" => LogLevel.Error,
        "critical" or "alert" or "emergency" => LogLevel.Critical,
        _ => LogLevel.Warning,
    };
}
