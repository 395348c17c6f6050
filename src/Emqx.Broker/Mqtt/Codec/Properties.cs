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
    private int _length;
    private ulong _seen;

    /// <summary>Reads a property list. False: malformed, unknown, doubled or out of place.</summary>
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
            if (!ReadOne(ref list, list.Byte(), scope, userProperties, out var forwarded) || list.Failed)
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
        if ((ScopesOf(id) & scope) == 0 || !FirstOfItsKind(id))
            return false;
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator: return (PayloadFormatIndicator = list.Byte()) <= 1;
            case PropertyId.MessageExpiryInterval: MessageExpiryInterval = list.UInt32(); return true;
            case PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.ReasonString: return PacketReader.IsGoodText(list.Binary());
            case PropertyId.CorrelationData: list.Binary(); return true;
            case PropertyId.AuthenticationData: AuthenticationData = list.Binary().ToArray(); return true;
            case PropertyId.SubscriptionIdentifier: return (SubscriptionIdentifier = list.VariableInt()) != 0;
            case PropertyId.SessionExpiryInterval: SessionExpiryInterval = list.UInt32(); return true;
            case PropertyId.AuthenticationMethod: AuthenticationMethod = list.Text(); return !list.BadText;
            case PropertyId.RequestProblemInformation: return (RequestProblemInformation = list.Byte()) <= 1;
            case PropertyId.RequestResponseInformation: return (RequestResponseInformation = list.Byte()) <= 1;
            case PropertyId.WillDelayInterval: WillDelayInterval = list.UInt32(); return true;
            case PropertyId.ReceiveMaximum: return (ReceiveMaximum = list.UInt16()) != 0;
            case PropertyId.TopicAliasMaximum: TopicAliasMaximum = list.UInt16(); return true;
            case PropertyId.TopicAlias: TopicAlias = list.UInt16(); return true;
            case PropertyId.MaximumPacketSize: return (MaximumPacketSize = list.UInt32()) != 0;
            default: return ReadUserProperty(ref list, userProperties);
        }
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
