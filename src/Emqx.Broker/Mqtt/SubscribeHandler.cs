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

    public ValueTask Handle(Connection connection, Session session, byte header, ReadOnlySpan<byte> body)
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
        else
            return isSubscribe ? SubscribeAsync(connection, session, packet) : UnsubscribeAsync(connection, session, packet);
        return default;
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

    private async ValueTask SubscribeAsync(Connection connection, Session session, SubscribePacket packet)
    {
        var codes = new byte[packet.Filters.Count];
        var added = new (Subscription? Subscription, bool IsNew)[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var (filter, options) = packet.Filters[i];
            var attempt = new SubscribeAttempt(connection.Client!, filter, options);
            (codes[i], var parsed) = await JudgeAsync(connection, attempt).ConfigureAwait(false);
            if (connection.IsClosing)
                return; // taken over or kicked while it was judged: the session is another's
            if (parsed is not null)
                codes[i] = Add(connection, session, parsed, attempt.Options, out added[i]);
            if (codes[i] >= ReasonCode.UnspecifiedError && !connection.IsV5)
                codes[i] = ReasonCode.UnspecifiedError;
        }

        ControlEncoder.ForThread.SubAck(connection.Outbox, MqttControlPacketType.SubAck, connection.IsV5, packet.PacketId, codes);
        foreach (var (subscription, isNew) in added)
            if (subscription is not null)
                subscriptions.Told(session, subscription, isNew);
    }

    /// <summary>What the hooks, the zone and the authorization have against a filter; or the filter, as the hooks have left it.</summary>
    private async ValueTask<(byte Refusal, TopicFilter? Filter)> JudgeAsync(Connection connection, SubscribeAttempt attempt)
    {
        if (!await hooks.ClientSubscribe.RunAsync(attempt).ConfigureAwait(false))
            return (ReasonCode.UnspecifiedError, null);
        if (attempt.ReasonCode >= ReasonCode.UnspecifiedError)
            return (attempt.ReasonCode, null);
        if (!TopicFilter.TryParse(attempt.Filter, out var filter))
            return (ReasonCode.TopicFilterInvalid, null); // a hook's doing: what the client sent was looked at before
        var refused = subscriptions.FindRefusal(connection.Settings, filter);
        if (refused != 0)
            return (refused, null);
        var access = new AuthorizationAccess(false, attempt.Options.Qos, false, filter.Topic);
        if (await authorizer.IsAllowedAsync(attempt.Client, connection.Decisions, access).ConfigureAwait(false))
            return (ReasonCode.Success, filter);
        counters.Increment(Metric.PacketsSubscribeAuthError);
        return (ReasonCode.NotAuthorized, null);
    }

    private byte Add(Connection connection, Session session, TopicFilter filter, SubscriptionOptions options, out (Subscription? Subscription, bool IsNew) added)
    {
        var code = subscriptions.Add(session, filter.Mount(connection.Client!.Mountpoint), options, out var subscription, out var isNew);
        added = (subscription, isNew);
        return code;
    }

    private async ValueTask UnsubscribeAsync(Connection connection, Session session, SubscribePacket packet)
    {
        var codes = new byte[packet.Filters.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var attempt = new SubscribeAttempt(connection.Client!, packet.Filters[i].Filter, default);
            var answered = await hooks.ClientUnsubscribe.RunAsync(attempt).ConfigureAwait(false);
            if (connection.IsClosing)
                return;
            codes[i] = answered ? Remove(connection, session, attempt.Filter) : ReasonCode.UnspecifiedError;
        }

        ControlEncoder.ForThread.SubAck(connection.Outbox, MqttControlPacketType.UnsubAck, connection.IsV5, packet.PacketId, connection.IsV5 ? codes : []);
    }

    private byte Remove(Connection connection, Session session, string filter)
    {
        var removed = TopicFilter.TryParse(filter, out var parsed) && subscriptions.Remove(session, parsed.Mount(connection.Client!.Mountpoint));
        return removed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
    }
}
