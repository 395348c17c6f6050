using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.AutoSubscribe;

/// <summary>What auto subscribe logs.</summary>
internal static partial class AutoSubscribeLog
{
    [LoggerMessage(LogLevel.Debug, "Client {ClientId} is not subscribed to {Topic}: it has not what the topic asks for, or that makes no topic filter")]
    public static partial void Ignored(ILogger logger, string clientId, string topic);
}
