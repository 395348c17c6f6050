using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt;

/// <summary>Log lines of connections and listeners.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(1, LogLevel.Error, "The connection of {ClientId} failed")]
    public static partial void ConnectionFailed(ILogger logger, string? clientId, Exception error);

    [LoggerMessage(2, LogLevel.Information, "Listener {Listener} is open on {Address}")]
    public static partial void ListenerStarted(ILogger logger, string listener, System.Net.EndPoint address);

    [LoggerMessage(3, LogLevel.Information, "Listener {Listener} is closed")]
    public static partial void ListenerStopped(ILogger logger, string listener);

    [LoggerMessage(4, LogLevel.Warning, "Listener {Listener} could not take a connection: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string listener, string reason);

    [LoggerMessage(5, LogLevel.Debug, "Handshake on listener {Listener} failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string listener, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Refused} connections were closed at once: the process may have {Limit} open files, and keeps the last ones for itself")]
    public static partial void OutOfDescriptors(ILogger logger, long refused, long limit);

    [LoggerMessage(7, LogLevel.Error, "Listener {Listener} keeps its certificates of before: {Reason}")]
    public static partial void CertificatesKept(ILogger logger, string listener, string reason);

    [LoggerMessage(8, LogLevel.Warning, "{Refused} connections came faster than max_conn_rate and were closed at once, the latest of them on listener {Listener}")]
    public static partial void TurnedAway(ILogger logger, long refused, string listener);
}
