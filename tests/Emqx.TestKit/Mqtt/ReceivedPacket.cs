using System.Text;

namespace Emqx.TestKit.Mqtt;

/// <summary>A packet from the broker, decoded for the given protocol version.</summary>
public sealed class ReceivedPacket
{
    public ReceivedPacket(byte first, byte[] body, byte version)
    {
        First = first;
        Body = body;
        var reader = new PacketReader(body);
        switch (Type)
        {
            case PacketType.Connack:
                SessionPresent = (reader.Byte() & 1) != 0;
                ReasonCode = reader.Byte();
                ReadProperties(reader, version);
                break;
            case PacketType.Publish:
                Topic = reader.Text();
                PacketId = Qos > 0 ? reader.Short() : 0;
                ReadProperties(reader, version);
                Payload = reader.Rest();
                break;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp:
                PacketId = reader.Short();
                ReasonCode = reader.HasMore ? reader.Byte() : (byte)0;
                ReadProperties(reader, version);
                break;
            case PacketType.Suback or PacketType.Unsuback:
                PacketId = reader.Short();
                ReadProperties(reader, version);
                ReasonCodes = reader.Rest();
                break;
            case PacketType.Disconnect or PacketType.Auth:
                ReasonCode = reader.HasMore ? reader.Byte() : (byte)0;
                ReadProperties(reader, version);
                break;
            default:
                break;
        }
    }

    public byte First { get; }
    public byte[] Body { get; }
    public PacketType Type => (PacketType)(First >> 4);
    public bool Dup => (First & 8) != 0;
    public int Qos => First >> 1 & 3;
    public bool Retain => (First & 1) != 0;
    public int PacketId { get; }
    public bool SessionPresent { get; }
    public byte ReasonCode { get; }
    public byte[] ReasonCodes { get; } = [];
    public string Topic { get; } = "";
    public byte[] Payload { get; } = [];
    public string PayloadText => Encoding.UTF8.GetString(Payload);
    public PropertyList Properties { get; private set; } = [];

    /// <summary>Bytes of the whole packet.</summary>
    public int Size => 1 + new PacketWriter().VarInt((uint)Body.Length).ToArray().Length + Body.Length;

    public override string ToString() => $"{Type} {Convert.ToHexString([First])} {Convert.ToHexString(Body.AsSpan(0, Math.Min(Body.Length, 60)))}";

    private void ReadProperties(PacketReader reader, byte version)
    {
        if (version == 5 && reader.HasMore)
            Properties = PropertyList.Decode(reader);
    }
}
