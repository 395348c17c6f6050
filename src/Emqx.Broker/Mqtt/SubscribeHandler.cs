using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Timing;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE (MQTT 5, 3.8 to 3.11).</summary>
internal sealed class SubscribeHandler(SubscriptionControl subscriptions, Authorizer authorizer, BrokerHooks hooks, Counters counters)
{
    /// <summary>The largest subscription identifier that MQTT allows; EMQX 5.8.9 does not.</summary>
    private const uint LargestIdentifier = 268_435_455;

    /// <summary>Filters that are read, looked at or subscribed in one go.</summary>
    private const int FiltersATurn = 64;

    /// <summary>What one that is told may cost: its first retained messages.</summary>
    private const int PiecesASubscription = 64;

    /// <summary>Bodies up to here are read on the spot.</summary>
    private const int SmallBody = 4096;

    public ValueTask Handle(Connection connection, Session session, byte header, ReadOnlySpan<byte> body)
    {
        var isSubscribe = header >> 4 == (int)MqttControlPacketType.Subscribe;
        counters.Increment(isSubscribe ? Metric.PacketsSubscribeReceived : Metric.PacketsUnsubscribeReceived);
        counters.Increment(isSubscribe ? Metric.ClientSubscribe : Metric.ClientUnsubscribe);
        var fault = SubscribePacket.Begin(header, body, connection.IsV5, connection.Settings.StrictMode, out var packet, out var at);
        if (fault == 0 && body.Length > SmallBody)
            return ReadInTurnsAsync(connection, session, packet, body[at..].ToArray());
        if (fault == 0)
            fault = packet.ReadFilters(body, ref at, int.MaxValue);
        if (fault == 0)
            fault = FindFault(packet);
        if (fault == 0)
            return isSubscribe ? SubscribeAsync(connection, session, packet) : UnsubscribeAsync(connection, session, packet);
        Refuse(connection, packet, fault);
        return default;
    }

    /// <summary>A large packet: read and looked at a few filters at a time, as it is then subscribed.</summary>
    private async ValueTask ReadInTurnsAsync(Connection connection, Session session, SubscribePacket packet, byte[] filters)
    {
        byte fault = ReasonCode.Success;
        for (var at = 0; fault == 0 && at < filters.Length && !connection.IsClosing;)
        {
            fault = packet.ReadFilters(filters, ref at, FiltersATurn);
            await Turns.Next();
        }

        if (fault == 0 && packet.IsSubscribe)
            fault = await FindInTurnsAsync(connection, packet, FindForbidden).ConfigureAwait(false);
        if (fault == 0)
            fault = await FindInTurnsAsync(connection, packet, FindBadFilter).ConfigureAwait(false);
        if (connection.IsClosing)
            return;
        if (fault != 0)
            Refuse(connection, packet, fault);
        else if (packet.IsSubscribe)
            await SubscribeAsync(connection, session, packet).ConfigureAwait(false);
        else
            await UnsubscribeAsync(connection, session, packet).ConfigureAwait(false);
    }

    private static async ValueTask<byte> FindInTurnsAsync(Connection connection, SubscribePacket packet, Func<SubscribePacket, int, int, byte> find)
    {
        byte fault = ReasonCode.Success;
        for (var from = 0; fault == 0 && from < packet.Filters.Count && !connection.IsClosing; from += FiltersATurn)
        {
            fault = find(packet, from, Math.Min(from + FiltersATurn, packet.Filters.Count));
            await Turns.Next();
        }

        return fault;
    }

    private void Refuse(Connection connection, SubscribePacket packet, byte fault)
    {
        counters.Increment(packet.IsSubscribe ? Metric.PacketsSubscribeError : Metric.PacketsUnsubscribeError);
        connection.Close(fault, fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(fault));
    }

    /// <summary>What ends the connection before anything takes effect.</summary>
    private static byte FindFault(SubscribePacket packet)
    {
        var forbidden = packet.IsSubscribe ? FindForbidden(packet, 0, packet.Filters.Count) : ReasonCode.Success;
        return forbidden != 0 ? forbidden : FindBadFilter(packet, 0, packet.Filters.Count);
    }

    private static byte FindForbidden(SubscribePacket packet, int from, int to)
    {
        if (packet.SubscriptionIdentifier == LargestIdentifier)
            return ReasonCode.SubscriptionIdentifiersNotSupported;
        for (var i = from; i < to; i++)
        {
            if (packet.Filters[i].Options.NoLocal && TopicFilter.IsShared(packet.Filters[i].Filter))
                return ReasonCode.ProtocolError;
        }

        return ReasonCode.Success;
    }

    private static byte FindBadFilter(SubscribePacket packet, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!TopicFilter.TryParse(packet.Filters[i].Filter, out _))
                return ReasonCode.TopicFilterInvalid;
        }

        return ReasonCode.Success;
    }

    private ValueTask SubscribeAsync(Connection connection, Session session, SubscribePacket packet) =>
        authorizer.EndsDenied ? SubscribeOrCloseAsync(connection, session, packet) : SubscribeAsync(connection, session, packet, isAuthorized: false);

    /// <summary>Where a denied filter ends the connection, none of the others takes effect.</summary>
    private async ValueTask SubscribeOrCloseAsync(Connection connection, Session session, SubscribePacket packet)
    {
        var areAllowed = await AreAllowedAsync(connection, packet).ConfigureAwait(false);
        if (connection.IsClosing)
            return;
        if (areAllowed)
        {
            await SubscribeAsync(connection, session, packet, isAuthorized: true).ConfigureAwait(false);
            return;
        }

        counters.Increment(Metric.PacketsSubscribeAuthError);
        connection.Close(ReasonCode.NotAuthorized, ReasonCode.ToName(ReasonCode.NotAuthorized));
    }

    private async ValueTask SubscribeAsync(Connection connection, Session session, SubscribePacket packet, bool isAuthorized)
    {
        var codes = new byte[packet.Filters.Count];
        var added = new AddedSubscriptions(codes.Length);
        for (var i = 0; i < codes.Length; i++)
        {
            if (i > 0 && i % FiltersATurn == 0)
                await Turns.Next();
            var (filter, options) = packet.Filters[i];
            if (connection is { IsV5: false, Client.IsBridge: true })
                options = options with { RetainAsPublished = true };
            var attempt = new SubscribeAttempt(connection.Client!, filter, options);
            (codes[i], var parsed) = await JudgeAsync(connection, attempt, isAuthorized).ConfigureAwait(false);
            if (connection.IsClosing)
                return; // taken over or kicked while it was judged: the session is another's
            if (parsed is not null)
                codes[i] = Add(connection, session, parsed, attempt.Options, added, i);
            if (codes[i] >= ReasonCode.UnspecifiedError && !connection.IsV5)
                codes[i] = ReasonCode.UnspecifiedError;
        }

        ControlEncoder.ForThread.SubAck(connection.Outbox, MqttControlPacketType.SubAck, connection.IsV5, packet.PacketId, codes);
        await TellAsync(connection, session, added).ConfigureAwait(false);
    }

    /// <summary>Whether the client may subscribe to all of the filters.</summary>
    private async ValueTask<bool> AreAllowedAsync(Connection connection, SubscribePacket packet)
    {
        for (var i = 0; i < packet.Filters.Count && !connection.IsClosing; i++)
        {
            if (i > 0 && i % FiltersATurn == 0)
                await Turns.Next();
            var (text, options) = packet.Filters[i];
            if (!TopicFilter.TryParse(text, out var filter))
                continue;
            var access = new AuthorizationAccess(false, options.Qos, false, filter.Topic);
            if (!await authorizer.IsAllowedAsync(connection.Client!, connection.Decisions, access).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    private async ValueTask TellAsync(Connection connection, Session session, AddedSubscriptions added)
    {
        for (var i = 0; i < added.Count; i++)
        {
            if (i > 0 && i % FiltersATurn == 0)
            {
                await Turns.Next();
                if (connection.IsClosing)
                    return;
            }

            if (added[i] is not ({ } subscription, var isNew))
                continue;
            connection.Worked(PiecesASubscription);
            subscriptions.Told(session, subscription, isNew);
        }
    }

    /// <summary>What the zone, the authorization and the hooks have against a filter; or the filter, as the hooks have left it.</summary>
    private async ValueTask<(byte Refusal, TopicFilter? Filter)> JudgeAsync(Connection connection, SubscribeAttempt attempt, bool isAuthorized)
    {
        var refused = FindRefusal(connection, attempt, out var asked);
        if (asked is null)
            return (refused, null);
        var access = new AuthorizationAccess(false, attempt.Options.Qos, false, asked.Topic);
        if (isAuthorized || await authorizer.IsAllowedAsync(attempt.Client, connection.Decisions, access).ConfigureAwait(false))
            return await AskHooksAsync(connection, attempt, asked).ConfigureAwait(false);
        counters.Increment(Metric.PacketsSubscribeAuthError);
        return (ReasonCode.NotAuthorized, null);
    }

    /// <summary>The hooks may refuse a filter that is allowed, or put another in its place, which nobody authorizes again.</summary>
    private async ValueTask<(byte Refusal, TopicFilter? Filter)> AskHooksAsync(Connection connection, SubscribeAttempt attempt, TopicFilter asked)
    {
        var text = attempt.Filter;
        if (!await hooks.ClientSubscribe.RunAsync(attempt).ConfigureAwait(false))
            return (ReasonCode.UnspecifiedError, null);
        if (attempt.ReasonCode >= ReasonCode.UnspecifiedError)
            return (attempt.ReasonCode, null);
        return ReferenceEquals(attempt.Filter, text) ? (ReasonCode.Success, asked) : (FindRefusal(connection, attempt, out var changed), changed);
    }

    /// <summary>What is wrong with a filter as it stands; or the filter.</summary>
    private byte FindRefusal(Connection connection, SubscribeAttempt attempt, out TopicFilter? filter)
    {
        if (!TopicFilter.TryParse(attempt.Filter, out filter))
            return ReasonCode.TopicFilterInvalid;
        var refused = subscriptions.FindRefusal(connection.Settings, filter);
        if (refused != 0)
            filter = null;
        return refused;
    }

    private byte Add(Connection connection, Session session, TopicFilter filter, SubscriptionOptions options, AddedSubscriptions added, int at)
    {
        var code = subscriptions.Add(session, filter.Mount(connection.Client!.Mountpoint), options, out var subscription, out var isNew);
        if (subscription is not null)
            added.Put(at, subscription, isNew);
        return code;
    }

    private async ValueTask UnsubscribeAsync(Connection connection, Session session, SubscribePacket packet)
    {
        var codes = new byte[packet.Filters.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            if (i > 0 && i % FiltersATurn == 0)
                await Turns.Next();
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
