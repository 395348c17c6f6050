using System.Text;
using Emqx.Broker.Access;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>PUBLISH (MQTT 5, 3.3): read, judged, acknowledged, handed to the <see cref="Publisher"/>.</summary>
internal sealed class PublishHandler(Publisher publisher, Authorizer authorizer, Counters counters)
{
    /// <summary>Bytes that the topics behind a client's aliases may take.</summary>
    private const int LargestAliases = 4 << 20;

    /// <summary>The fields of one packet.</summary>
    private ref struct Incoming
    {
        public byte Qos;
        public bool Retain;
        public bool Dup;
        public ushort PacketId;
        public ReadOnlySpan<byte> Topic;
        public ReadOnlySpan<byte> Payload;
        public Properties Properties;
    }

    /// <summary>Packets follow on this thread; see <see cref="Publisher.BeginRuns"/>.</summary>
    public static void Begin() => Publisher.BeginRuns();

    /// <summary>Something else than a PUBLISH comes.</summary>
    public void Pause() => publisher.EndRun();

    /// <summary>The packets are handled.</summary>
    public void End() => publisher.EndRuns();

    public ValueTask Handle(Connection connection, Session session, byte header, ReadOnlySpan<byte> body)
    {
        counters.Increment(Metric.PacketsPublishReceived);
        var packet = new Incoming { Qos = (byte)(header >> 1 & 3), Retain = (header & 1) != 0, Dup = (header & 8) != 0 };
        var fault = Read(ref packet, connection, body);
        var state = connection.Publishing ??= new PublishState();
        if (fault == 0)
            fault = Resolve(ref packet, connection, state);
        if (fault == 0)
            fault = Judge(packet, connection.Settings, state);
        if (fault != 0)
        {
            counters.Increment(Metric.PacketsPublishError);
            connection.Close(fault, fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(fault));
            return default;
        }

        Count(session.Counters, packet.Qos);
        var topic = TopicName.Unmount(state.Topic, connection.Client!.Mountpoint);
        var allowed = authorizer.IsAllowedAsync(connection.Client, connection.Decisions,
            new AuthorizationAccess(true, packet.Qos, packet.Retain, topic));
        if (!allowed.IsCompletedSuccessfully)
            return WaitAsync(allowed, connection, session, ToMessage(connection, packet, state), packet.PacketId, packet.Dup);
        if (!allowed.Result)
            Deny(connection, packet.Qos, packet.PacketId);
        else if (packet.Qos != 2 || TryBegin(connection, session, packet.PacketId, packet.Dup))
            return Publish(connection, session, ToMessage(connection, packet, state), packet.PacketId);
        return default;
    }

    /// <summary>A message whose authorization takes time. One that was not acknowledged to a connection that is over is the client's to send again.</summary>
    private async ValueTask WaitAsync(ValueTask<bool> allowed, Connection connection, Session session, Message message, ushort packetId, bool dup)
    {
        var isAllowed = await allowed.ConfigureAwait(false);
        if (connection.IsClosing)
            return;
        if (!isAllowed)
            Deny(connection, message.Qos, packetId);
        else if (message.Qos != 2 || TryBegin(connection, session, packetId, dup))
            await Publish(connection, session, message, packetId).ConfigureAwait(false);
    }

    private static byte Read(ref Incoming packet, Connection connection, ReadOnlySpan<byte> body)
    {
        var strict = connection.Settings.StrictMode;
        if (packet.Qos == 3)
            return strict ? ReasonCode.MalformedPacket : ReasonCode.QosNotSupported;
        var reader = new PacketReader(body);
        packet.Topic = reader.Binary();
        packet.PacketId = packet.Qos == 0 ? (ushort)0 : reader.UInt16();
        if (reader.Failed)
            return ReasonCode.MalformedPacket;
        if (connection.IsV5 && !packet.Properties.Read(ref reader, PropertyScope.Publish))
            return packet.Properties.Fault;
        packet.Payload = reader.Rest;
        var wrong = (packet.Qos == 0 && packet.Dup) || (packet.Qos != 0 && packet.PacketId == 0);
        return strict && wrong ? ReasonCode.MalformedPacket : ReasonCode.Success;
    }

    /// <summary>Finds the topic name: the last one again, an alias, or a new text.</summary>
    private static byte Resolve(ref Incoming packet, Connection connection, PublishState state)
    {
        var alias = packet.Properties.TopicAlias;
        if (alias is { } id && (id == 0 || id > connection.Settings.MaxTopicAlias))
            return ReasonCode.TopicAliasInvalid;
        if (packet.Topic.IsEmpty)
        {
            if (alias is not { } known || state.Aliases is null || !state.Aliases.TryGetValue(known, out var topic))
                return ReasonCode.ProtocolError;
            if (!ReferenceEquals(topic, state.Topic))
                (state.Topic, state.TopicUtf8, state.Route) = (topic, Encoding.UTF8.GetBytes(topic), null);
            return ReasonCode.Success;
        }

        if (connection.Client!.Mountpoint is { } mountpoint)
            return ResolveMounted(packet.Topic, mountpoint, connection, state, alias);
        if (!packet.Topic.SequenceEqual(state.TopicUtf8))
        {
            if (!PacketReader.IsGoodText(packet.Topic))
                return connection.Settings.StrictMode ? ReasonCode.MalformedPacket : ReasonCode.TopicNameInvalid;
            if (packet.Topic.IndexOfAny((byte)'+', (byte)'#') >= 0)
                return ReasonCode.TopicNameInvalid;
            (state.Topic, state.TopicUtf8, state.Route) = (Encoding.UTF8.GetString(packet.Topic), packet.Topic.ToArray(), null);
        }

        if (alias is { } name)
            return SetAlias(connection, state, name, state.Topic);
        return ReasonCode.Success;
    }

    private static byte ResolveMounted(ReadOnlySpan<byte> topic, string mountpoint, Connection connection, PublishState state, ushort? alias)
    {
        if (!PacketReader.IsGoodText(topic))
            return connection.Settings.StrictMode ? ReasonCode.MalformedPacket : ReasonCode.TopicNameInvalid;
        if (topic.IndexOfAny((byte)'+', (byte)'#') >= 0)
            return ReasonCode.TopicNameInvalid;
        var text = mountpoint + Encoding.UTF8.GetString(topic);
        (state.Topic, state.TopicUtf8, state.Route) = (text, Encoding.UTF8.GetBytes(text), null);
        if (alias is { } name)
            return SetAlias(connection, state, name, text);
        return ReasonCode.Success;
    }

    /// <summary>Keeps an alias. What all of a client's take has a bound beside their number.</summary>
    private static byte SetAlias(Connection connection, PublishState state, ushort alias, string topic)
    {
        var aliases = state.Aliases ??= [];
        var isKnown = aliases.TryGetValue(alias, out var old);
        var more = (topic.Length - (old?.Length ?? 0)) * sizeof(char);
        if (state.AliasBytes + more > LargestAliases)
            return ReasonCode.QuotaExceeded;
        (state.AliasBytes, aliases[alias]) = (state.AliasBytes + more, topic);
        connection.Hold(isKnown ? more : more + PublishState.AliasOverhead);
        return ReasonCode.Success;
    }

    /// <summary>The zone's limits.</summary>
    private static byte Judge(in Incoming packet, MqttSettings settings, PublishState state)
    {
        if (packet.Qos > settings.MaxQosAllowed)
            return ReasonCode.QosNotSupported;
        if (packet.Retain && !settings.RetainAvailable)
            return ReasonCode.RetainNotSupported;
        // A cached route stands for a topic that was judged before.
        if (state.Route is null && TopicLevels.Count(state.Topic) > settings.MaxTopicLevels)
            return ReasonCode.TopicNameInvalid;
        return ReasonCode.Success;
    }

    private void Count(SessionCounters mine, byte qos)
    {
        var cells = counters.Mine();
        cells[(int)Metric.MessagesReceived]++;
        cells[(int)Metric.MessagesQos0Received + (2 * qos)]++;
        mine.ReceivedMessages++;
        if (qos == 0)
            mine.ReceivedQos0++;
        else if (qos == 1)
            mine.ReceivedQos1++;
        else
            mine.ReceivedQos2++;
    }

    private void Deny(Connection connection, byte qos, ushort packetId)
    {
        counters.Increment(Metric.PacketsPublishAuthError);
        if (authorizer.EndsDenied)
            connection.Close(ReasonCode.NotAuthorized, ReasonCode.ToName(ReasonCode.NotAuthorized));
        else if (qos != 0)
            connection.SendAck(AckOf(qos), packetId, ReasonCode.NotAuthorized);
    }

    /// <summary>Notes a message of QoS 2. False: it is not to be published, and that is dealt with.</summary>
    private bool TryBegin(Connection connection, Session session, ushort packetId, bool dup)
    {
        switch (session.BeginQos2(packetId, connection.Steady))
        {
            case Qos2Outcome.New:
                return true;
            case Qos2Outcome.InUse:
                counters.Increment(Metric.PacketsPublishInuse);
                var isAgain = dup && session.IsUnanswered(packetId);
                connection.SendAck(PacketTypes.PubRec, packetId, isAgain ? ReasonCode.Success : ReasonCode.PacketIdentifierInUse);
                return false;
            default:
                counters.Increment(Metric.PacketsPublishDropped);
                connection.Close(ReasonCode.ReceiveMaximumExceeded, "receive_maximum_exceeded");
                return false;
        }
    }

    private ValueTask Publish(Connection connection, Session session, Message message, ushort packetId)
    {
        var qos = message.Qos; // the packet's, whatever a hook makes of the message
        var outcome = publisher.Publish(message, connection.Publishing, out var waiting);
        if (waiting is not null)
            return AcknowledgeAsync(waiting, connection, session, qos, packetId);
        Acknowledge(connection, qos, packetId, outcome);
        return default;
    }

    private static async ValueTask AcknowledgeAsync(Task<PublishOutcome> published, Connection connection, Session session, byte qos, ushort packetId)
    {
        if (qos == 2)
            session.SetUnanswered(packetId, waits: true);
        try
        {
            Acknowledge(connection, qos, packetId, await published.ConfigureAwait(false));
        }
        finally
        {
            if (qos == 2)
                session.SetUnanswered(packetId, waits: false);
        }
    }

    private static void Acknowledge(Connection connection, byte qos, ushort packetId, PublishOutcome outcome)
    {
        if (qos == 0)
            return;
        var code = outcome is { ReasonCode: 0, Count: 0 } ? ReasonCode.NoMatchingSubscribers : outcome.ReasonCode;
        connection.SendAck(AckOf(qos), packetId, code);
    }

    private static byte AckOf(byte qos) => qos == 1 ? PacketTypes.PubAck : PacketTypes.PubRec;

    private static Message ToMessage(Connection connection, in Incoming packet, PublishState state)
    {
        var client = connection.Client!;
        var now = connection.Now;
        var own = packet.Properties.MessageExpiryInterval is not null;
        var expiry = own ? packet.Properties.MessageExpiryInterval!.Value * 1000L : connection.Settings.MessageExpiryInterval;
        var forwarded = packet.Properties.Forwarded;
        return new Message
        {
            Topic = state.Topic,
            TopicUtf8 = state.TopicUtf8,
            Payload = packet.Payload.ToArray(),
            Qos = packet.Qos,
            Retain = packet.Retain,
            Properties = forwarded.IsEmpty ? [] : forwarded.ToArray(),
            From = client.ClientId,
            FromUsername = client.Username,
            FromPeerHost = connection.PeerHost,
            PublishedAt = now,
            ExpiresAt = expiry < 0 ? 0 : now + expiry,
            ExpiryIsDefault = !own,
        };
    }
}
