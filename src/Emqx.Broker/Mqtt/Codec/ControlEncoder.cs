using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>
/// Writes the packets that are sent seldom (CONNACK, SUBACK, UNSUBACK, DISCONNECT) with MQTTnet's buffer writer. MQTTnet's
/// own encoder leaves out the properties that EMQX tells even where they have MQTT's default.
/// </summary>
internal sealed class ControlEncoder
{
    [ThreadStatic]
    private static ControlEncoder? s_encoder;

    private readonly MqttBufferWriter _body = new(256, 4096);
    private readonly MqttBufferWriter _properties = new(256, 4096);

    /// <summary>The calling thread's encoder.</summary>
    public static ControlEncoder ForThread => s_encoder ??= new ControlEncoder();

    /// <summary>CONNACK of MQTT 3: two bytes (3.1.1, 3.2).</summary>
    public void ConnAckV3(Outbox outbox, byte returnCode, bool sessionPresent) =>
        outbox.Write([0x20, 2, sessionPresent ? (byte)1 : (byte)0, returnCode]);

    /// <summary>A CONNACK of MQTT 5 that refuses.</summary>
    public void ConnAckRefused(Outbox outbox, byte reasonCode)
    {
        Start();
        _body.WriteByte(0);
        _body.WriteByte(reasonCode);
        Finish(outbox, MqttControlPacketType.ConnAck, withProperties: true);
    }

    /// <summary>A CONNACK of MQTT 5 that accepts, with all that EMQX tells.</summary>
    public void ConnAck(Outbox outbox, in ConnAckProperties told)
    {
        Start();
        _body.WriteByte(told.SessionPresent ? (byte)1 : (byte)0);
        _body.WriteByte(ReasonCode.Success);
        Property(PropertyId.ReceiveMaximum, (ushort)told.ReceiveMaximum);
        if (told.MaximumQos < 2)
            Property(PropertyId.MaximumQos, told.MaximumQos);
        Property(PropertyId.RetainAvailable, Bit(told.RetainAvailable));
        Property(PropertyId.MaximumPacketSize, (uint)told.MaximumPacketSize);
        if (told.AssignedClientId is { } id)
            Property(PropertyId.AssignedClientIdentifier, id);
        Property(PropertyId.TopicAliasMaximum, (ushort)told.TopicAliasMaximum);
        Property(PropertyId.WildcardSubscriptionAvailable, Bit(told.WildcardAvailable));
        Property(PropertyId.SubscriptionIdentifierAvailable, (byte)1);
        Property(PropertyId.SharedSubscriptionAvailable, Bit(told.SharedAvailable));
        if (told.ServerKeepAlive is { } seconds)
            Property(PropertyId.ServerKeepAlive, seconds);
        if (told.ResponseInformation is { } information)
            Property(PropertyId.ResponseInformation, information);
        if (told.AuthenticationMethod is { } method)
            Authentication(method, told.AuthenticationData);
        Finish(outbox, MqttControlPacketType.ConnAck, withProperties: true);
    }

    /// <summary>SUBACK or UNSUBACK; codes in the order of the request. An UNSUBACK of MQTT 3 has none.</summary>
    public void SubAck(Outbox outbox, MqttControlPacketType type, bool v5, ushort packetId, ReadOnlySpan<byte> codes)
    {
        Start();
        _body.WriteTwoByteInteger(packetId);
        if (v5)
            _body.WriteByte(0);
        foreach (var code in codes)
            _body.WriteByte(code);
        Finish(outbox, type, withProperties: false);
    }

    /// <summary>DISCONNECT of MQTT 5.</summary>
    public void Disconnect(Outbox outbox, byte reasonCode)
    {
        Start();
        _body.WriteByte(reasonCode);
        Finish(outbox, MqttControlPacketType.Disconnect, withProperties: true);
    }

    /// <summary>AUTH of MQTT 5.</summary>
    public void Auth(Outbox outbox, byte reasonCode, string method, ReadOnlyMemory<byte>? data)
    {
        Start();
        _body.WriteByte(reasonCode);
        Authentication(method, data);
        Finish(outbox, MqttControlPacketType.Auth, withProperties: true);
    }

    private void Authentication(string method, ReadOnlyMemory<byte>? data)
    {
        Property(PropertyId.AuthenticationMethod, method);
        if (data is not { } bytes)
            return;
        _properties.WriteByte(PropertyId.AuthenticationData);
        _properties.WriteTwoByteInteger((ushort)bytes.Length);
        foreach (var one in bytes.Span)
            _properties.WriteByte(one);
    }

    private static byte Bit(bool value) => value ? (byte)1 : (byte)0;

    private void Start()
    {
        _body.Reset(0);
        _properties.Reset(0);
    }

    private void Property(byte id, byte value)
    {
        _properties.WriteByte(id);
        _properties.WriteByte(value);
    }

    private void Property(byte id, ushort value)
    {
        _properties.WriteByte(id);
        _properties.WriteTwoByteInteger(value);
    }

    private void Property(byte id, uint value)
    {
        _properties.WriteByte(id);
        _properties.WriteTwoByteInteger((ushort)(value >> 16));
        _properties.WriteTwoByteInteger((ushort)value);
    }

    private void Property(byte id, string value)
    {
        _properties.WriteByte(id);
        _properties.WriteString(value);
    }

    private void Finish(Outbox outbox, MqttControlPacketType type, bool withProperties)
    {
        if (withProperties)
        {
            _body.WriteVariableByteInteger((uint)_properties.Length);
            _body.Write(_properties);
        }

        var body = _body.GetBuffer().AsSpan(0, _body.Length);
        Span<byte> head = stackalloc byte[5];
        head[0] = MqttBufferWriter.BuildFixedHeader(type);
        var length = 1 + VariableInt.Write(head[1..], (uint)body.Length);
        outbox.Write(head[..length], body);
        _body.Cleanup();
    }
}

/// <summary>What a CONNACK of MQTT 5 tells of the server (3.2.2.3).</summary>
internal readonly record struct ConnAckProperties
{
    public bool SessionPresent { get; init; }
    public int ReceiveMaximum { get; init; }
    public byte MaximumQos { get; init; }
    public bool RetainAvailable { get; init; }
    public int MaximumPacketSize { get; init; }
    public string? AssignedClientId { get; init; }
    public int TopicAliasMaximum { get; init; }
    public bool WildcardAvailable { get; init; }
    public bool SharedAvailable { get; init; }
    public ushort? ServerKeepAlive { get; init; }
    public string? ResponseInformation { get; init; }
    public string? AuthenticationMethod { get; init; }
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }
}
