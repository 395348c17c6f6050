using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>First bytes of the packets that are written by hand: type and the flags that MQTT fixes for it.</summary>
internal static class PacketTypes
{
    public const byte Publish = (byte)MqttControlPacketType.Publish << 4;
    public const byte PubAck = (byte)MqttControlPacketType.PubAck << 4;
    public const byte PubRec = (byte)MqttControlPacketType.PubRec << 4;
    public const byte PubRel = ((byte)MqttControlPacketType.PubRel << 4) | 2;
    public const byte PubComp = (byte)MqttControlPacketType.PubComp << 4;
    public const byte PingResp = (byte)MqttControlPacketType.PingResp << 4;
}
