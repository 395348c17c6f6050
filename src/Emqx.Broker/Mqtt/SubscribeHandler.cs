using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE (MQTT 5, 3.8 to 3.11).</summary>
internal sealed class SubscribeHandler(SubscriptionControl subscriptions, Authorizer authorizer, BrokerHooks hooks, Counters counters)
{
    /// <summary>The largest subscription identifier that MQTT allows; EMQX 5.8.9 does not.</summary>
    private const uint LargestIdentifier = 268_435_455;

    public void Handle(Connection connection, Session session, byte header, ReadOnlySpan<byte> body)
    {
        var isSubscribe = header >> 4 == (int)MqttControlPacketType.Subscribe;
        counters.Increment(isSubscribe ? Metric.PacketsSubscribeReceived : Metric.PacketsUnsubscribeReceived);
        counters.Increment(isSubscribe ? Metric.ClientSubscribe : Metric.ClientUnsubscribe);
        var fault = SubscribePacket.Decode(header, body, connection.IsV5, connection.Settings.StrictMode, out var packet);
        if (fault == 0)
            fault = isSubscribe ? FindFault(packet) : FindBadFilter(packet);
        if (fault != 0)
        {
            counters.Increment(isSubscribe ? Metric.PacketsSubscribeError : Metric.PacketsUnsubscribeError);
            connection.Close(fault, fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(fault));
        }
        else if (isSubscribe)
            Subscribe(connection, session, packet);
        else
            Unsubscribe(connection, session, packet);
    }

    /// <summary>What ends the connection before anything takes effect.</summary>
    private static byte FindFault(SubscribePacket packet)
    {
        if (packet.SubscriptionIdentifier == LargestIdentifier)
            return ReasonCode.SubscriptionIdentifiersNotSupported;
        foreach (var (filter, options) in packet.Filters)
            if (options.NoLocal && TopicFilter.IsShared(filter))
                return ReasonCode.ProtocolError;
        return FindBadFilter(packet);
    }

    private static byte FindBadFilter(SubscribePacket packet)
    {
        foreach (var (filter, _) in packet.Filters)
            if (!TopicFilter.TryParse(filter, out _))
                return ReasonCode.TopicFilterInvalid;
        return ReasonCode.Success;
    }

    private void Subscribe(Connection connection, Session session, SubscribePacket packet)
    {
        var codes = new byte[packet.Filters.Count];
        var added = new (Subscription Subscription, bool IsNew)[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = SubscribeOne(connection, session, packet.Filters[i].Filter, packet.Filters[i].Options, out added[i]);
            if (codes[i] >= ReasonCode.UnspecifiedError && !connection.IsV5)
                codes[i] = ReasonCode.UnspecifiedError;
        }

        ControlEncoder.ForThread.SubAck(connection.Outbox, MqttControlPacketType.SubAck, connection.IsV5, packet.PacketId, codes);
        foreach (var (subscription, isNew) in added)
            if (subscription is not null)
                subscriptions.Told(session, subscription, isNew);
    }

    private byte SubscribeOne(Connection connection, Session session, string filter, SubscriptionOptions options, out (Subscription, bool) added)
    {
        added = default;
        if (hooks.ClientSubscribe.IsUsed)
        {
            var attempt = new SubscribeAttempt(connection.Client!, filter, options);
            hooks.ClientSubscribe.Run(attempt);
            if (attempt.ReasonCode >= ReasonCode.UnspecifiedError)
                return attempt.ReasonCode;
            (filter, options) = (attempt.Filter, attempt.Options);
        }

        if (!TopicFilter.TryParse(filter, out var parsed))
            return ReasonCode.TopicFilterInvalid; // a hook's doing: what the client sent was looked at before
        var refused = subscriptions.FindRefusal(connection.Settings, parsed);
        if (refused != 0)
            return refused;
        if (!authorizer.IsAllowed(connection.Client!, connection.Decisions, new AuthorizationAccess(false, options.Qos, false, parsed.Topic)))
        {
            counters.Increment(Metric.PacketsSubscribeAuthError);
            return ReasonCode.NotAuthorized;
        }

        var code = subscriptions.Add(session, parsed.Mount(connection.Client!.Mountpoint), options, out var subscription, out var isNew);
        if (subscription is not null)
            added = (subscription, isNew);
        return code;
    }

    private void Unsubscribe(Connection connection, Session session, SubscribePacket packet)
    {
        var codes = new byte[packet.Filters.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var filter = packet.Filters[i].Filter;
            if (hooks.ClientUnsubscribe.IsUsed)
            {
                var attempt = new SubscribeAttempt(connection.Client!, filter, default);
                hooks.ClientUnsubscribe.Run(attempt);
                filter = attempt.Filter;
            }

            var removed = TopicFilter.TryParse(filter, out var parsed) && subscriptions.Remove(session, parsed.Mount(connection.Client!.Mountpoint));
            codes[i] = removed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
        }

        ControlEncoder.ForThread.SubAck(connection.Outbox, MqttControlPacketType.UnsubAck, connection.IsV5, packet.PacketId, connection.IsV5 ? codes : []);
    }
}
