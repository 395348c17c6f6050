using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>A CONNECT as it came.</summary>
internal sealed class ConnectPacket
{
    public string ProtocolName = "";
    public byte Version;

    /// <summary>Bit 7 of the level: a bridge of mosquitto's kind.</summary>
    public bool IsBridge;
    public bool CleanStart;
    public ushort KeepAlive;
    public string ClientId = "";
    public string? Username;
    public byte[]? Password;
    public Will? Will;

    public uint SessionExpiryInterval;
    public ushort? ReceiveMaximum;
    public ushort TopicAliasMaximum;
    public uint? MaximumPacketSize;
    public bool RequestResponseInformation;
    public bool RequestProblemInformation = true;
    public string? AuthenticationMethod;
    public byte[] AuthenticationData = [];
    public List<KeyValuePair<string, string>> UserProperties = [];

    /// <summary>The standard's code for what is wrong with its properties; 0 for anything else.</summary>
    public byte Fault;

    public bool IsV5 => Version == 5;
}
