using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Telemetry;

/// <summary>Whether telemetry is on.</summary>
/// <param name="Enable">Its data can be read.</param>
internal sealed record TelemetryRequest(bool Enable) : IJsonBody<TelemetryRequest>;

/// <summary>Whether telemetry is on.</summary>
/// <param name="Enable">Its data can be read.</param>
internal sealed record TelemetryStatusResponse(bool Enable);

/// <summary>The edition.</summary>
internal sealed record TelemetryLicense(string Edition);

/// <summary>The machine.</summary>
/// <param name="NumCpus">Processors.</param>
/// <param name="TotalMemory">Bytes.</param>
internal sealed record TelemetryMachine(int NumCpus, long TotalMemory);

/// <summary>What the broker does.</summary>
/// <param name="NumTopics">Topics with subscribers.</param>
/// <param name="MessagesSentRate">Messages a second since the sample before.</param>
/// <param name="MessagesReceivedRate">Messages a second since the sample before.</param>
internal sealed record TelemetryInsights(long NumTopics, long MessagesSentRate, long MessagesReceivedRate);

/// <summary>What of MQTT's extras is in use.</summary>
/// <param name="TopicRewrite">Rules.</param>
/// <param name="Retained">Messages.</param>
/// <param name="Delayed">Messages.</param>
/// <param name="AutoSubscribe">Topics.</param>
internal sealed record TelemetryFeatures(int TopicRewrite, long Retained, long Delayed, int AutoSubscribe);

/// <summary>Who decides who may connect, and what they may.</summary>
/// <param name="Authz">Types of authorization sources.</param>
/// <param name="AuthnListener">Authenticators of listeners, by type.</param>
/// <param name="Authn">Authenticators.</param>
internal sealed record TelemetryAccess(IReadOnlyList<string> Authz, IReadOnlyDictionary<string, long> AuthnListener, IReadOnlyList<string> Authn);

/// <summary>Rules in use.</summary>
internal sealed record TelemetryRules(int NumRules);

/// <summary>Bridges in use.</summary>
internal sealed record TelemetryBridges(int NumDataBridges, IReadOnlyDictionary<string, JsonElement> DataBridge);

/// <summary>Hooks of other servers in use.</summary>
internal sealed record TelemetryHooks(IReadOnlyList<JsonElement> Servers, int NumServers);

/// <summary>What EMQX would report of itself; it stays here.</summary>
/// <param name="UpTime">Milliseconds.</param>
/// <param name="Uuid">Stands for the node, whose name it is made of.</param>
internal sealed record TelemetryResponse(
    string EmqxVersion,
    TelemetryLicense License,
    string OsName,
    string OsVersion,
    string OtpVersion,
    long UpTime,
    string Uuid,
    string ClusterUuid,
    IReadOnlyList<string> NodesUuid,
    IReadOnlyList<string> ActivePlugins,
    long NumClients,
    long NumClusterSessions,
    long MessagesReceived,
    long MessagesSent,
    IReadOnlyDictionary<string, string> BuildInfo,
    TelemetryMachine VmSpecs,
    TelemetryInsights MqttRuntimeInsights,
    TelemetryFeatures AdvancedMqttFeatures,
    TelemetryAccess AuthnAuthz,
    IReadOnlyDictionary<string, JsonElement> Gateway,
    TelemetryRules RuleEngine,
    TelemetryBridges Bridge,
    TelemetryHooks Exhook);

[JsonSerializable(typeof(TelemetryStatusResponse))]
[JsonSerializable(typeof(TelemetryResponse))]
internal sealed partial class TelemetryJson : JsonSerializerContext;
