using Emqx.TestKit.Mqtt;

namespace Emqx.Broker.Tests.Fuzz;

/// <summary>Makes packets that are nearly right, and bytes that are not, from a seed.</summary>
internal sealed class PacketFuzzer(int seed)
{
    private static readonly string[] s_topics = ["fuzz/a", "fuzz/b/c", "", "fuzz/+", "#", "$share/g/fuzz/#", "$queue/fuzz/a", "$delayed/1/fuzz/x", "$exclusive/fuzz/a", "fuzz/\0", "$SYS/x", "/", "fuzz/é/😀"];
    private readonly Random _random = new(seed);

    /// <summary>A CONNECT: mostly sound, so that the packets after it are read.</summary>
    public byte[] Connect(byte version)
    {
        var options = new ConnectOptions
        {
            Version = version, ClientId = $"fuzz{_random.Next(8)}", Clean = _random.Next(2) == 0, KeepAlive = _random.Next(3) * 1000,
            Username = _random.Next(3) == 0 ? "user" : null,
            Properties = version == 5 && _random.Next(2) == 0 ? SoundProperties() : [],
            Will = _random.Next(4) == 0 ? new Will("fuzz/will", Bytes(20)) { Qos = _random.Next(3), Retain = _random.Next(8) == 0 } : null,
        };
        return _random.Next(5) == 0 ? Damage(options.ToPacket()) : options.ToPacket();
    }

    /// <summary>Some packet of a connected client.</summary>
    public byte[] Next(byte version)
    {
        var packet = _random.Next(12) switch
        {
            0 or 1 or 2 => Packets.Publish(version, Topic(), Bytes(300), _random.Next(3), _random.Next(5), _random.Next(6) == 0, _random.Next(6) == 0, Properties()),
            3 => Packets.Subscribe(version, _random.Next(5), Properties(), (Topic(), (byte)_random.Next(64)), (Topic(), (byte)_random.Next(3))),
            4 => Packets.Unsubscribe(version, _random.Next(5), Topic(), Topic()),
            5 or 6 => Packets.Ack((PacketType)_random.Next(4, 8), _random.Next(6), (byte)_random.Next(256)),
            7 => Packets.Ack((PacketType)_random.Next(4, 8), _random.Next(6)),
            8 => Packets.Ping,
            9 => Packets.Disconnect(version, (byte)_random.Next(256), Properties()),
            10 => new PacketWriter().Raw(Bytes(100)).ToPacket((byte)_random.Next(256)),
            _ => Bytes(100),
        };
        return _random.Next(3) == 0 ? Damage(packet) : packet;
    }

    /// <summary>Flips, cuts, repeats or lengthens.</summary>
    private byte[] Damage(byte[] packet)
    {
        if (packet.Length == 0)
            return packet;
        var copy = packet.ToArray();
        switch (_random.Next(5))
        {
            case 0: copy[_random.Next(copy.Length)] = (byte)_random.Next(256); return copy;
            case 1: return copy[.._random.Next(copy.Length)];
            case 2: return [.. copy, .. Bytes(8)];
            case 3: copy[Math.Min(1, copy.Length - 1)] = (byte)_random.Next(256); return copy;
            default:
                var at = _random.Next(copy.Length);
                return [.. copy[..at], .. Bytes(4), .. copy[at..]];
        }
    }

    private PropertyList SoundProperties() => new()
    {
        { Property.SessionExpiryInterval, (uint)_random.Next(3) }, { Property.ReceiveMaximum, (uint)_random.Next(1, 5) },
        { Property.TopicAliasMaximum, (uint)_random.Next(3) }, { Property.MaximumPacketSize, (uint)_random.Next(20, 400) },
    };

    private PropertyList Properties()
    {
        var list = new PropertyList();
        for (var i = _random.Next(4); i > 0; i--)
        {
            switch (_random.Next(8))
            {
                case 0: list.Add(Property.TopicAlias, (uint)_random.Next(4)); break;
                case 1: list.Add(Property.MessageExpiryInterval, (uint)_random.Next(3)); break;
                case 2: list.Add(Property.UserProperty, "k", Topic()); break;
                case 3: list.Add(Property.SubscriptionIdentifier, (uint)_random.Next(3)); break;
                case 4: list.Add(Property.CorrelationData, Bytes(20)); break;
                case 5: list.Add(Property.ResponseTopic, Topic()); break;
                case 6: list.Add(Property.SessionExpiryInterval, (uint)_random.Next(3)); break;
                default: list.Add(Property.PayloadFormatIndicator, (uint)_random.Next(3)); break;
            }
        }

        return list;
    }

    private string Topic() => s_topics[_random.Next(s_topics.Length)];

    private byte[] Bytes(int max)
    {
        var bytes = new byte[_random.Next(max)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
