using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emqx.Mgmt.Api.Relup;

/// <summary>How a node's upgrade stands.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Status">idle: none is under way.</param>
/// <param name="Role">core or replicant.</param>
/// <param name="LiveConnections">Clients that are connected.</param>
/// <param name="CurrentVsn">The release that runs.</param>
/// <param name="UpgradeHistory">Upgrades that were made without a restart; none ever.</param>
internal sealed record RelupStatusResponse(string Node, string Status, string Role, long LiveConnections, string CurrentVsn, IReadOnlyList<JsonElement> UpgradeHistory);

/// <summary>A package to upgrade with; there is none.</summary>
internal sealed class RelupPackageResponse : Dictionary<string, JsonElement>;

[JsonSerializable(typeof(RelupStatusResponse[]))]
[JsonSerializable(typeof(RelupPackageResponse))]
internal sealed partial class RelupJson : JsonSerializerContext;
