using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>What is logged of the export: where it begins and ends to fail. Never its headers, which may hold secrets.</summary>
internal static partial class OpenTelemetryLog
{
    [LoggerMessage(1, LogLevel.Information, "OpenTelemetry: {Signal} are exported")]
    public static partial void Started(ILogger logger, string signal);

    [LoggerMessage(2, LogLevel.Error, "OpenTelemetry: {Signal} cannot be exported: {Reason}")]
    public static partial void NotStarted(ILogger logger, string signal, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The collector of OpenTelemetry does not take the {Signal}: {Reason}")]
    public static partial void NotTaken(ILogger logger, string signal, string reason);

    [LoggerMessage(4, LogLevel.Information, "The collector of OpenTelemetry takes the {Signal} again")]
    public static partial void TakenAgain(ILogger logger, string signal);
}
