namespace Emqx.TestKit.Mqtt;

/// <summary>The packet types of MQTT (MQTT 5, 2.1.2).</summary>
public enum PacketType : byte
{
    Reserved,
    Connect,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Pingreq,
    Pingresp,
    Disconnect,
    Auth,
}
