using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;

namespace Emqx.Mgmt.Api.Telemetry;

/// <summary>Puts the telemetry data together.</summary>
internal static class TelemetryData
{
    /// <summary>The data of a node.</summary>
    public static TelemetryResponse Of(string name, RunningNode node, MonitorRates rates, MetricsSnapshot counts, int rewriteRules, int autoSubscribed) => new(
        node.Version, new("opensource"), RuntimeInformation.OSDescription, Environment.OSVersion.VersionString, node.Runtime, node.Uptime, IdOf(name), IdOf("cluster of " + name), [], [],
        node.Sessions, node.ClusterSessions, counts[Metric.MessagesReceived], counts[Metric.MessagesSent], new Dictionary<string, string>(),
        new(Environment.ProcessorCount, node.Host.MemoryTotal), new(rates.Gauges.Topics, rates.Sent, rates.Received), new(rewriteRules, rates.Gauges.Retained, rates.Gauges.Delayed, autoSubscribed),
        new([], new Dictionary<string, long>(), []), new Dictionary<string, JsonElement>(), new(0), new(0, new Dictionary<string, JsonElement>()), new([], 0));

    private static string IdOf(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString().ToUpperInvariant();
}
