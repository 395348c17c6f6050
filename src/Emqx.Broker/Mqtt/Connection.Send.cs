using System.Buffers.Binary;
using System.Text;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>Packets to the client.</summary>
internal sealed partial class Connection
{
    private const int LargestOutAliases = 1 << 20;

    private Dictionary<string, ushort>? _outAliases; // under the outbox's lock
    private int _outAliasBytes;
    private int _mountpointBytes = -1;

    /// <summary>Bytes that the client takes in one packet (MQTT 5, 3.1.2.11.4).</summary>
    public uint MaximumPacketSize { get; set; } = uint.MaxValue;

    /// <summary>How many topic aliases the client keeps for us; 0 for none.</summary>
    public int OutAliasMaximum { get; set; }

    /// <summary>Encodes a delivery into the outbox, if it takes it.</summary>
    public SendOutcome SendPublish(Message message, Subscription subscription, byte qos, bool retain, bool dup, ushort packetId)
    {
        uint expiry = 0;
        if (message.ExpiresAt != 0)
        {
            var left = message.ExpiresAt - Math.Max(Now, message.PublishedAt); // the coarse clock may be behind the publisher's
            if (left <= 0 && !dup)
                return SendOutcome.Expired;
            expiry = !message.ExpiryIsDefault ? (uint)Math.Max(1, (left + 999) / 1000) : 0;
        }

        var flags = (byte)((qos << 1) | (retain ? 1 : 0) | (dup ? 8 : 0));
        using (var lease = Outbox.Lock())
        {
            if (lease.IsClosed)
                return SendOutcome.Closed;
            var alias = OutAliasMaximum == 0 ? default : OutAlias(message.Topic);
            var options = new PublishEncoder.Options(IsV5, flags, packetId, subscription.Options.Identifier, expiry, alias.Id, alias.Known, MountpointBytes(message));
            var size = PublishEncoder.SizeOf(message, options, out var remaining, out var properties);
            if (size > MaximumPacketSize)
                return SendOutcome.TooLarge;
            if (!lease.Accepts(size))
                return SendOutcome.Full;
            var packet = lease.Reserve(size)[..size];
            PublishEncoder.Write(packet, message, options, remaining, properties);
            lease.Commit(size);
            if (Watch is { } watch)
                watch.Sent(PacketFormat.Of(packet, IsV5));
            if (alias is { Id: not 0, Known: false })
            {
                (_outAliases ??= new(StringComparer.Ordinal))[message.Topic] = alias.Id;
                _outAliasBytes += message.Topic.Length * sizeof(char);
                Hold(PublishState.AliasOverhead + (message.Topic.Length * sizeof(char)));
            }

            CountDelivery(message, qos, size);
        }

        if (_handlers.Hooks.MessageDelivered.IsUsed)
            _handlers.Hooks.MessageDelivered.Tell(new MessageDelivered(Session!, message, qos, Now));
        return SendOutcome.Sent;
    }

    /// <inheritdoc/>
    public bool TrySendRun(MessageRun run, Subscription subscription, bool upgradesQos, ReadOnlySpan<ushort> ids)
    {
        if (OutAliasMaximum != 0 || subscription.Options.Identifier != 0 || Client?.Mountpoint is not null || Watch is not null)
            return false; // its packets are like nobody else's, or looked at one by one
        var encoded = PublishEncoder.Encode(run, IsV5, subscription.Options, upgradesQos);
        if (encoded.Largest > MaximumPacketSize)
            return false;
        using (var lease = Outbox.Lock())
        {
            var size = encoded.Bytes.Length;
            if (lease.IsClosed || !lease.Fits(size))
                return false;
            var into = lease.Reserve(size);
            encoded.Bytes.CopyTo(into);
            for (var i = 0; i < ids.Length; i++)
            {
                if (encoded.IdAt[i] is var at and not 0)
                    BinaryPrimitives.WriteUInt16BigEndian(into[at..], ids[i]);
            }

            lease.Commit(size);
            CountPublishes(run.Messages.Length, size);
            CountMessages(encoded.OfQos[0], encoded.OfQos[1], encoded.OfQos[2]);
        }

        if (_handlers.Hooks.MessageDelivered.IsUsed)
        {
            foreach (var message in run.Messages)
                _handlers.Hooks.MessageDelivered.Tell(new MessageDelivered(Session!, message, subscription.Options.QosOf(message.Qos, upgradesQos), Now));
        }

        return true;
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP. MQTT 5's always carry code and property length, as EMQX sends them.</summary>
    public void SendAck(byte header, ushort packetId, byte reasonCode)
    {
        CountAck(header);
        Span<byte> packet = stackalloc byte[6];
        packet[0] = header;
        packet[1] = IsV5 ? (byte)4 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], packetId);
        packet[4] = reasonCode;
        packet[5] = 0;
        Outbox.Write(packet[..(IsV5 ? 6 : 4)]);
    }

    /// <inheritdoc/>
    public void SendPubRel(ushort packetId) => SendAck(PacketTypes.PubRel, packetId, ReasonCode.Success);

    /// <inheritdoc/>
    public long StuckSince => Outbox.StuckSince;

    /// <inheritdoc/>
    public int WaitingBytes => Outbox.Waiting;

    /// <inheritdoc/>
    public bool HasRoom() => Outbox.HasRoom();

    /// <inheritdoc/>
    public void Flush() => Outbox.Flush();

    /// <inheritdoc/>
    public void FlushIfLarge() => Outbox.FlushIfLarge();

    /// <summary>Counts a packet that went into the outbox, under its lock; PUBLISH counts itself.</summary>
    public void Sent(ReadOnlySpan<byte> packet)
    {
        var cells = _handlers.Counters.Mine();
        var bytes = packet.Length;
        cells[(int)Metric.PacketsSent]++;
        cells[(int)Metric.BytesSent] += bytes;
        if (_counters is { } own)
        {
            own.SentPackets++;
            own.SentBytes += bytes;
        }
        else
        {
            (_firstSentBytes, _firstSentPackets) = (_firstSentBytes + bytes, _firstSentPackets + 1);
        }

        if (Watch is { } watch)
            watch.Sent(PacketFormat.Of(packet, IsV5));
        switch ((MqttControlPacketType)(packet[0] >> 4))
        {
            case MqttControlPacketType.ConnAck: cells[(int)Metric.PacketsConnackSent]++; break;
            case MqttControlPacketType.SubAck: cells[(int)Metric.PacketsSubackSent]++; break;
            case MqttControlPacketType.UnsubAck: cells[(int)Metric.PacketsUnsubackSent]++; break;
            case MqttControlPacketType.PingResp: cells[(int)Metric.PacketsPingrespSent]++; break;
            case MqttControlPacketType.Disconnect: cells[(int)Metric.PacketsDisconnectSent]++; break;
            case MqttControlPacketType.Auth: cells[(int)Metric.PacketsAuthSent]++; break;
            default: break;
        }
    }

    private void CountAck(byte header)
    {
        var metric = (MqttControlPacketType)(header >> 4) switch
        {
            MqttControlPacketType.PubAck => Metric.PacketsPubackSent,
            MqttControlPacketType.PubRec => Metric.PacketsPubrecSent,
            MqttControlPacketType.PubRel => Metric.PacketsPubrelSent,
            _ => Metric.PacketsPubcompSent,
        };
        _handlers.Counters.Increment(metric);
    }

    private void CountDelivery(Message message, byte qos, int size)
    {
        CountPublishes(1, size);
        if (!message.IsSystem)
            CountMessages(qos == 0 ? 1 : 0, qos == 1 ? 1 : 0, qos == 2 ? 1 : 0);
    }

    private void CountPublishes(int count, int size)
    {
        var cells = _handlers.Counters.Mine();
        cells[(int)Metric.PacketsSent] += count;
        cells[(int)Metric.BytesSent] += size;
        cells[(int)Metric.PacketsPublishSent] += count;
        if (Session is not { } session)
            return;
        session.Counters.SentPackets += count;
        session.Counters.SentBytes += size;
    }

    private void CountMessages(int qos0, int qos1, int qos2)
    {
        if (Session is not { } session)
            return;
        var (cells, mine, count) = (_handlers.Counters.Mine(), session.Counters, qos0 + qos1 + qos2);
        cells[(int)Metric.MessagesSent] += count;
        cells[(int)Metric.MessagesDelivered] += count;
        cells[(int)Metric.MessagesQos0Sent] += qos0;
        cells[(int)Metric.MessagesQos1Sent] += qos1;
        cells[(int)Metric.MessagesQos2Sent] += qos2;
        mine.SentMessages += count;
        mine.SentQos0 += qos0;
        mine.SentQos1 += qos1;
        mine.SentQos2 += qos2;
    }

    private (ushort Id, bool Known) OutAlias(string topic)
    {
        if (_outAliases is not null && _outAliases.TryGetValue(topic, out var known))
            return (known, true);
        if (_outAliasBytes + topic.Length * sizeof(char) > LargestOutAliases)
            return default; // it goes on without
        var next = (_outAliases?.Count ?? 0) + 1;
        return next <= OutAliasMaximum ? ((ushort)next, false) : default;
    }

    /// <summary>The length of the mountpoint in front of this message's topic, which its clients do not see.</summary>
    private int MountpointBytes(Message message)
    {
        if (Client?.Mountpoint is not { } mountpoint)
            return 0;
        if (_mountpointBytes < 0)
            _mountpointBytes = Encoding.UTF8.GetByteCount(mountpoint);
        return message.Topic.StartsWith(mountpoint, StringComparison.Ordinal) ? _mountpointBytes : 0;
    }
}
