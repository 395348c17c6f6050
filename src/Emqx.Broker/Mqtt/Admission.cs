using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>A CONNECT on its way to its CONNACK.</summary>
/// <param name="AssignedId">What the client has to be told where it sent no id.</param>
internal sealed record Admission(ConnectPacket Packet, ClientInfo Client, string? AssignedId, AuthenticateRequest Request);
