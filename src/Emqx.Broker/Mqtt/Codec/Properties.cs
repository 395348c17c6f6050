using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>Which packet a property list belongs to: each allows properties of its own (MQTT 5, table 2-4).</summary>
[Flags]
internal enum PropertyScope
{
    Connect = 1,
    Will = 2,
    Publish = 4,
    Subscribe = 8,
    Unsubscribe = 16,
    Disconnect = 32,
    Acknowledgement = 64,
    Auth = 128,
}

/// <summary>The properties of one packet from a client: absent ones are null, which MQTT tells apart from zero.</summary>
internal ref struct Properties
{
    public uint? SessionExpiryInterval, MessageExpiryInterval, WillDelayInterval, MaximumPacketSize, SubscriptionIdentifier;
    public ushort? ReceiveMaximum, TopicAliasMaximum, TopicAlias;
    public byte? PayloadFormatIndicator, RequestResponseInformation, RequestProblemInformation;
    public string? AuthenticationMethod;

    public byte[]? AuthenticationData;

    /// <summary>What a message carries on to its receivers, encoded as it came.</summary>
    public ReadOnlySpan<byte> Forwarded;

    /// <summary>Properties not to be forwarded stand among the others: <see cref="Forwarded"/> was copied together.</summary>
    private byte[]? _gathered;
    private byte _fault;
    private int _length;
    private ulong _seen;

    /// <summary>The standard's code for what is wrong with the list; 0 where nothing has one, or the list cannot be read at all.</summary>
    public readonly byte KnownFault => _fault;

    /// <summary>The code that ends the connection of a client which has sent such a list.</summary>
    public readonly byte Fault => _fault == 0 ? ReasonCode.MalformedPacket : _fault;

    /// <summary>Reads a property list. False: malformed, unknown, doubled, out of place or out of range; <see cref="Fault"/> says which.</summary>
    public bool Read(ref PacketReader reader, PropertyScope scope, List<KeyValuePair<string, string>>? userProperties = null)
    {
        var length = (int)reader.VariableInt();
        if (length == 0)
            return !reader.Failed;
        var raw = reader.Take(length);
        if (reader.Failed)
            return false;

        var list = new PacketReader(raw);
        var keepFrom = 0;
        while (!list.AtEnd)
        {
            var start = list.Position;
            var good = ReadOne(ref list, list.Byte(), scope, userProperties, out var forwarded);
            if (list.Failed)
                _fault = 0; // cut off: what was read is no value
            if (!good || list.Failed)
                return false;
            if (forwarded)
                continue;
            Gather(raw[keepFrom..start], raw.Length);
            keepFrom = list.Position;
        }

        if (keepFrom == 0)
            Forwarded = raw;
        else
        {
            Gather(raw[keepFrom..], raw.Length);
            Forwarded = _gathered.AsSpan(0, _length);
        }

        return true;
    }

    private bool ReadOne(ref PacketReader list, byte id, PropertyScope scope, List<KeyValuePair<string, string>>? userProperties, out bool forwarded)
    {
        forwarded = id is PropertyId.PayloadFormatIndicator or PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.CorrelationData or PropertyId.UserProperty;
        if ((ScopesOf(id) & scope) == 0)
            return Wrong(OutOfPlace(id, scope));
        if (!FirstOfItsKind(id))
            return Wrong(ReasonCode.ProtocolError);
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator: return (PayloadFormatIndicator = list.Byte()) <= 1 || Wrong(ReasonCode.MalformedPacket);
            case PropertyId.MessageExpiryInterval: MessageExpiryInterval = list.UInt32(); return true;
            case PropertyId.ResponseTopic: return ReadResponseTopic(list.Binary(), scope);
            case PropertyId.ContentType or PropertyId.ReasonString: return PacketReader.IsGoodText(list.Binary());
            case PropertyId.CorrelationData: list.Binary(); return true;
            case PropertyId.AuthenticationData: AuthenticationData = list.Binary().ToArray(); return true;
            case PropertyId.SubscriptionIdentifier: return (SubscriptionIdentifier = list.VariableInt()) != 0 || Wrong(ReasonCode.SubscriptionIdentifiersNotSupported); // EMQX's code
            case PropertyId.SessionExpiryInterval: SessionExpiryInterval = list.UInt32(); return true;
            case PropertyId.AuthenticationMethod: AuthenticationMethod = list.Text(); return !list.BadText;
            case PropertyId.RequestProblemInformation: return (RequestProblemInformation = list.Byte()) <= 1 || Wrong(ReasonCode.ProtocolError);
            case PropertyId.RequestResponseInformation: return (RequestResponseInformation = list.Byte()) <= 1 || Wrong(ReasonCode.ProtocolError);
            case PropertyId.WillDelayInterval: WillDelayInterval = list.UInt32(); return true;
            case PropertyId.ReceiveMaximum: return (ReceiveMaximum = list.UInt16()) != 0 || Wrong(ReasonCode.ProtocolError);
            case PropertyId.TopicAliasMaximum: TopicAliasMaximum = list.UInt16(); return true;
            case PropertyId.TopicAlias: TopicAlias = list.UInt16(); return true;
            case PropertyId.MaximumPacketSize: return (MaximumPacketSize = list.UInt32()) != 0 || Wrong(ReasonCode.ProtocolError);
            default: return ReadUserProperty(ref list, userProperties);
        }
    }

    /// <summary>A topic name, as the topic itself is; that of a will is not looked at, as in EMQX.</summary>
    private bool ReadResponseTopic(ReadOnlySpan<byte> topic, PropertyScope scope)
    {
        if (!PacketReader.IsGoodText(topic))
            return false;
        var isName = !topic.IsEmpty && topic.IndexOfAny((byte)'+', (byte)'#') < 0;
        return isName || scope != PropertyScope.Publish || Wrong(ReasonCode.ProtocolError);
    }

    /// <summary>A client names no subscription in what it publishes (3.3.4-6); what belongs to another packet is malformed (2.2.2.2), what is unknown has no code.</summary>
    private static byte OutOfPlace(byte id, PropertyScope scope) =>
        id == PropertyId.SubscriptionIdentifier && scope == PropertyScope.Publish ? ReasonCode.ProtocolError
        : IsKnown(id) ? ReasonCode.MalformedPacket
        : (byte)0;

    private static bool IsKnown(byte id) => ScopesOf(id) != 0 || id is PropertyId.AssignedClientIdentifier or PropertyId.ServerKeepAlive
        or PropertyId.ResponseInformation or PropertyId.ServerReference or PropertyId.MaximumQos or PropertyId.RetainAvailable
        or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable;

    private bool Wrong(byte code)
    {
        _fault = code;
        return false;
    }

    private static bool ReadUserProperty(ref PacketReader list, List<KeyValuePair<string, string>>? into)
    {
        if (into is not null)
        {
            into.Add(new(list.Text(), list.Text()));
            return !list.BadText;
        }

        return PacketReader.IsGoodText(list.Binary()) && PacketReader.IsGoodText(list.Binary());
    }

    /// <summary>The packets in which a client may send the property; none for those that only a server sends.</summary>
    private static PropertyScope ScopesOf(byte id) => id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.MessageExpiryInterval or PropertyId.ContentType or PropertyId.ResponseTopic
            or PropertyId.CorrelationData => PropertyScope.Publish | PropertyScope.Will,
        PropertyId.TopicAlias => PropertyScope.Publish,
        PropertyId.SubscriptionIdentifier => PropertyScope.Subscribe,
        PropertyId.SessionExpiryInterval => PropertyScope.Connect | PropertyScope.Disconnect,
        PropertyId.AuthenticationMethod or PropertyId.AuthenticationData => PropertyScope.Connect | PropertyScope.Auth,
        PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation or PropertyId.ReceiveMaximum
            or PropertyId.TopicAliasMaximum or PropertyId.MaximumPacketSize => PropertyScope.Connect,
        PropertyId.WillDelayInterval => PropertyScope.Will,
        PropertyId.ReasonString => PropertyScope.Acknowledgement | PropertyScope.Disconnect | PropertyScope.Auth,
        PropertyId.UserProperty => (PropertyScope)255,
        _ => 0,
    };

    private bool FirstOfItsKind(byte id)
    {
        if (id == PropertyId.UserProperty)
            return true;
        var bit = 1UL << id;
        var first = (_seen & bit) == 0;
        _seen |= bit;
        return first;
    }

    private void Gather(ReadOnlySpan<byte> piece, int capacity)
    {
        _gathered ??= new byte[capacity];
        piece.CopyTo(_gathered.AsSpan(_length));
        _length += piece.Length;
    }
}
