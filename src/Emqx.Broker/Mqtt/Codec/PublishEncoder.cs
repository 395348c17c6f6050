using System.Buffers.Binary;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>Writes PUBLISH straight from a message into an outbox: header and copies, no packet object.</summary>
internal static class PublishEncoder
{
    /// <summary>What differs from receiver to receiver.</summary>
    internal readonly record struct Options(bool V5, byte Flags, ushort PacketId, uint SubscriptionIdentifier, uint Expiry, ushort Alias, bool OmitTopic, int TopicOffset);

    /// <summary>The size of the whole packet, and of the parts in front of its length fields.</summary>
    public static int SizeOf(Message message, in Options o, out uint remaining, out uint properties)
    {
        properties = 0;
        var size = 2 + (o.OmitTopic ? 0 : message.TopicUtf8.Length - o.TopicOffset) + ((o.Flags & 0x06) != 0 ? 2 : 0) + message.Payload.Length;
        if (o.V5)
        {
            properties = (uint)(message.Properties.Length + (o.Expiry != 0 ? 5 : 0) + (o.Alias != 0 ? 3 : 0)
                + (o.SubscriptionIdentifier != 0 ? 1 + VariableInt.SizeOf(o.SubscriptionIdentifier) : 0));
            size += VariableInt.SizeOf(properties) + (int)properties;
        }

        remaining = (uint)size;
        return 1 + VariableInt.SizeOf(remaining) + size;
    }

    /// <summary>A run as packets for the receivers of a subscription with these options, made once for all of them.</summary>
    public static EncodedRun Encode(MessageRun run, bool v5, SubscriptionOptions options, bool upgradesQos)
    {
        var form = run.InForm(options.Qos | (options.RetainAsPublished ? 4 : 0) | (upgradesQos ? 8 : 0) | (v5 ? 16 : 0));
        if (form.IsMade)
            return form;
        for (var i = 0; i < run.Messages.Length; i++)
        {
            var message = run.Messages[i];
            var qos = options.QosOf(message.Qos, upgradesQos);
            var flags = (byte)((qos << 1) | (message.Retain && options.RetainAsPublished ? 1 : 0));
            var shared = new Options(v5, flags, 0, 0, 0, 0, false, 0);
            var size = SizeOf(message, shared, out var remaining, out var properties);
            Write(form.Append(size, out var at), message, shared, remaining, properties);
            form.OfQos[qos]++;
            form.IdAt[i] = qos == 0 ? 0 : at + 1 + VariableInt.SizeOf(remaining) + 2 + message.TopicUtf8.Length;
        }

        return form;
    }

    public static void Write(Span<byte> into, Message message, in Options o, uint remaining, uint properties)
    {
        into[0] = (byte)(PacketTypes.Publish | o.Flags);
        var at = 1 + VariableInt.Write(into[1..], remaining);
        var topic = o.OmitTopic ? default : message.TopicUtf8.AsSpan(o.TopicOffset);
        BinaryPrimitives.WriteUInt16BigEndian(into[at..], (ushort)topic.Length);
        topic.CopyTo(into[(at + 2)..]);
        at += 2 + topic.Length;
        if ((o.Flags & 0x06) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(into[at..], o.PacketId);
            at += 2;
        }

        if (o.V5)
            at += WriteProperties(into[at..], message, o, properties);
        message.Payload.Span.CopyTo(into[at..]);
    }

    private static int WriteProperties(Span<byte> into, Message message, in Options o, uint properties)
    {
        var at = VariableInt.Write(into, properties);
        message.Properties.CopyTo(into[at..]);
        at += message.Properties.Length;
        if (o.Expiry != 0)
        {
            into[at] = PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(into[(at + 1)..], o.Expiry);
            at += 5;
        }

        if (o.SubscriptionIdentifier != 0)
        {
            into[at++] = PropertyId.SubscriptionIdentifier;
            at += VariableInt.Write(into[at..], o.SubscriptionIdentifier);
        }

        if (o.Alias != 0)
        {
            into[at] = PropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(into[(at + 1)..], o.Alias);
            at += 3;
        }

        return at;
    }
}
