namespace Emqx.Broker.Mqtt.Codec;

/// <summary>An AUTH of MQTT 5 (3.15) as it came.</summary>
internal sealed class AuthPacket
{
    /// <summary>The other side is to go on.</summary>
    public const byte ContinueAuthentication = 0x18;

    /// <summary>A connected client begins anew.</summary>
    public const byte ReAuthenticate = 0x19;

    public byte ReasonCode;
    public string? AuthenticationMethod;
    public byte[] AuthenticationData = [];

    /// <summary>Reads it; null where it is malformed.</summary>
    public static AuthPacket? Decode(ReadOnlySpan<byte> body)
    {
        var packet = new AuthPacket();
        if (body.IsEmpty)
            return packet;
        var reader = new PacketReader(body);
        packet.ReasonCode = reader.Byte();
        var properties = new Properties();
        if (!reader.AtEnd && (!properties.Read(ref reader, PropertyScope.Auth) || !reader.AtEnd))
            return null;
        packet.AuthenticationMethod = properties.AuthenticationMethod;
        packet.AuthenticationData = properties.AuthenticationData ?? [];
        return packet;
    }
}
