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

    /// <summary>Reads it. Success, or the reason code of what is wrong with it.</summary>
    public static byte Decode(ReadOnlySpan<byte> body, out AuthPacket packet)
    {
        packet = new AuthPacket();
        if (body.IsEmpty)
            return Protocol.ReasonCode.MalformedPacket; // a reason of 0 is the server's alone
        var reader = new PacketReader(body);
        packet.ReasonCode = reader.Byte();
        var properties = new Properties();
        if (!reader.AtEnd && (!properties.Read(ref reader, PropertyScope.Auth) || !reader.AtEnd))
            return properties.Fault;
        packet.AuthenticationMethod = properties.AuthenticationMethod;
        packet.AuthenticationData = properties.AuthenticationData ?? [];
        return packet.AuthenticationMethod is null ? Protocol.ReasonCode.ProtocolError : Protocol.ReasonCode.Success;
    }
}
