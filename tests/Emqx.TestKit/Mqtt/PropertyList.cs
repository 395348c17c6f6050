using System.Collections;

namespace Emqx.TestKit.Mqtt;

/// <summary>
/// Properties in the order of the wire; one may stand there several times. Values are uint (all numbers), string,
/// byte[] or (string, string), as the property's type asks.
/// </summary>
public sealed class PropertyList : IEnumerable<KeyValuePair<Property, object>>
{
    private enum Kind
    {
        Byte,
        Short,
        Int,
        VarInt,
        Text,
        Binary,
        Pair,
    }

    private readonly List<KeyValuePair<Property, object>> _items = [];

    public int Count => _items.Count;

    public void Add(Property property, uint value) => _items.Add(new(property, value));

    public void Add(Property property, string value) => _items.Add(new(property, value));

    public void Add(Property property, byte[] value) => _items.Add(new(property, value));

    public void Add(Property property, string name, string value) => _items.Add(new(property, (name, value)));

    public bool Has(Property property) => _items.Exists(item => item.Key == property);

    /// <summary>The number of a property, or null where it is absent.</summary>
    public uint? Number(Property property) => First(property) as uint?;

    /// <summary>The text of a property, or null where it is absent.</summary>
    public string? Text(Property property) => First(property) as string;

    /// <summary>The bytes of a property, or null where it is absent.</summary>
    public byte[]? Bytes(Property property) => First(property) as byte[];

    /// <summary>All values of a property that may repeat.</summary>
    public IReadOnlyList<T> All<T>(Property property) => [.. _items.Where(item => item.Key == property).Select(item => (T)item.Value)];

    public IEnumerator<KeyValuePair<Property, object>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The properties with their length in front.</summary>
    public byte[] Encode()
    {
        var body = new PacketWriter();
        foreach (var (property, value) in _items)
        {
            body.Byte((byte)property);
            switch (KindOf(property))
            {
                case Kind.Byte: body.Byte((byte)(uint)value); break;
                case Kind.Short: body.Short((ushort)(uint)value); break;
                case Kind.Int: body.Int((uint)value); break;
                case Kind.VarInt: body.VarInt((uint)value); break;
                case Kind.Text: body.Text((string)value); break;
                case Kind.Binary: body.Binary((byte[])value); break;
                default:
                    var (name, text) = ((string, string))value;
                    body.Text(name).Text(text);
                    break;
            }
        }

        var bytes = body.ToArray();
        return new PacketWriter().VarInt((uint)bytes.Length).Raw(bytes).ToArray();
    }

    internal static PropertyList Decode(PacketReader reader)
    {
        var list = new PropertyList();
        var end = (int)reader.VarInt() + reader.At;
        while (reader.At < end)
        {
            var property = (Property)reader.Byte();
            switch (KindOf(property))
            {
                case Kind.Byte: list.Add(property, reader.Byte()); break;
                case Kind.Short: list.Add(property, reader.Short()); break;
                case Kind.Int: list.Add(property, reader.Int()); break;
                case Kind.VarInt: list.Add(property, reader.VarInt()); break;
                case Kind.Text: list.Add(property, reader.Text()); break;
                case Kind.Binary: list.Add(property, reader.Binary()); break;
                default: list.Add(property, reader.Text(), reader.Text()); break;
            }
        }

        return list;
    }

    private object? First(Property property) => _items.Find(item => item.Key == property).Value;

    private static Kind KindOf(Property property) => property switch
    {
        Property.PayloadFormatIndicator or Property.RequestProblemInformation or Property.RequestResponseInformation or Property.MaximumQos
            or Property.RetainAvailable or Property.WildcardSubscriptionAvailable or Property.SubscriptionIdentifierAvailable
            or Property.SharedSubscriptionAvailable => Kind.Byte,
        Property.ServerKeepAlive or Property.ReceiveMaximum or Property.TopicAliasMaximum or Property.TopicAlias => Kind.Short,
        Property.MessageExpiryInterval or Property.SessionExpiryInterval or Property.WillDelayInterval or Property.MaximumPacketSize => Kind.Int,
        Property.SubscriptionIdentifier => Kind.VarInt,
        Property.CorrelationData or Property.AuthenticationData => Kind.Binary,
        Property.UserProperty => Kind.Pair,
        Property.ContentType or Property.ResponseTopic or Property.AssignedClientIdentifier or Property.AuthenticationMethod
            or Property.ResponseInformation or Property.ServerReference or Property.ReasonString => Kind.Text,
        _ => throw new InvalidDataException($"no such property: 0x{(byte)property:X2}"),
    };
}
