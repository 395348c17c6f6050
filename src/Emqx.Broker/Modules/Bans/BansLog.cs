using System.Net;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Log lines of the bans.</summary>
internal static partial class BansLog
{
    [LoggerMessage(1, LogLevel.Warning, "flapping_detected, clientid: {ClientId}, peer_host: {PeerHost}, detect_cnt: {Count}, wind_time_in_ms: {WindowTime}")]
    public static partial void FlappingDetected(ILogger logger, string clientId, IPAddress peerHost, int count, long windowTime);
}
