using System.Text;
using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>CONNECT (MQTT 5, 3.1): read, judged, authenticated, given its session.</summary>
internal sealed class ConnectHandler(SessionTable sessions, BrokerHooks hooks, Counters counters, ClientIdentity identity, ClientAuthentication authentication)
{
    public ValueTask Handle(Connection connection, byte header, ReadOnlySpan<byte> body)
    {
        counters.Increment(Metric.PacketsConnectReceived);
        counters.Increment(Metric.ClientConnect);
        var outcome = ConnectDecoder.Decode(header, body, connection.Settings.StrictMode, out var packet);
        connection.Version = packet.Version;
        if (outcome == ConnectOutcome.NotMqtt)
            connection.Close(0, "not_mqtt");
        else if (outcome == ConnectOutcome.UnsupportedLevel)
            RefuseLevel(connection);
        else if (outcome == ConnectOutcome.Malformed)
            RefuseMalformed(connection, packet.Fault);
        else if (FindFault(packet, connection.Settings) is var fault and not 0)
            Refuse(connection, null, fault);
        else
            return AdmitAsync(connection, packet);
        return default;
    }

    /// <summary>What CONNECT itself shows to be wrong.</summary>
    private static byte FindFault(ConnectPacket packet, MqttSettings settings)
    {
        // MQTT 3.1 has no empty client ids, and a session that is to last needs a name.
        if (packet.ClientId.Length == 0 && (packet.Version == 3 || !packet.CleanStart))
            return ReasonCode.ClientIdNotValid;
        if (Encoding.UTF8.GetByteCount(packet.ClientId) > settings.MaxClientIdLength)
            return ReasonCode.ClientIdNotValid;
        if (packet.Will is not { } will)
            return ReasonCode.Success;
        if (!TopicName.IsValid(will.Topic) || TopicLevels.Count(will.Topic) > settings.MaxTopicLevels)
            return ReasonCode.TopicNameInvalid;
        if (will.Qos > settings.MaxQosAllowed)
            return ReasonCode.QosNotSupported;
        return will.Retain && !settings.RetainAvailable ? ReasonCode.RetainNotSupported : ReasonCode.Success;
    }

    private async ValueTask AdmitAsync(Connection connection, ConnectPacket packet)
    {
        var client = identity.Describe(connection, packet, out var assignedId);
        connection.BeginWatch(client, packet);
        var attempt = new ConnectAttempt(client);
        var answered = await hooks.ClientConnect.RunAsync(attempt).ConfigureAwait(false);
        if (!answered || attempt.ReasonCode != 0)
        {
            Refuse(connection, client, answered ? attempt.ReasonCode : ReasonCode.ServerUnavailable);
            return;
        }

        var request = new AuthenticateRequest(client, packet.Password) { Method = packet.AuthenticationMethod };
        await AuthenticateAsync(connection, new Admission(packet, client, assignedId, request), packet.AuthenticationData).ConfigureAwait(false);
    }

    /// <summary>Takes the next step of a CONNECT's authentication, with what the client has sent for it.</summary>
    public async ValueTask AuthenticateAsync(Connection connection, Admission admission, ReadOnlyMemory<byte> data)
    {
        var answer = await authentication.AskAsync(admission.Request, data).ConfigureAwait(false);
        if (connection.IsClosing)
            return;
        // After a wait there is no batch: CONNACK must not be out before the session can be found.
        var batch = FlushBatch.Begin();
        try
        {
            if (answer.Outcome == AuthenticationOutcome.Refused)
                Refuse(connection, admission.Client, answer.ReasonCode);
            else if (answer.Outcome == AuthenticationOutcome.Allowed)
                Accept(connection, admission);
            else
                AskOn(connection, admission);
        }
        finally
        {
            batch.End();
        }
    }

    private static void AskOn(Connection connection, Admission admission)
    {
        var method = admission.Request.Method!;
        connection.Authentication ??= new EnhancedAuthentication(method) { Admission = admission };
        connection.RestartIdleTimeout();
        ControlEncoder.ForThread.Auth(connection.Outbox, AuthPacket.ContinueAuthentication, method, admission.Request.Reply);
    }

    private void Accept(Connection connection, Admission admission)
    {
        var (packet, client) = (admission.Packet, admission.Client);
        if (admission.Request.Method is { } method)
            connection.Authentication = new EnhancedAuthentication(method);
        var settings = connection.Settings;
        connection.Client = client;
        connection.Will = packet.Will;
        connection.MaximumPacketSize = packet.MaximumPacketSize ?? uint.MaxValue;
        connection.OutAliasMaximum = packet.IsV5 ? packet.TopicAliasMaximum : 0;
        var expiry = packet.IsV5 ? packet.SessionExpiryInterval
            : packet.CleanStart ? 0 : (uint)Math.Min(settings.SessionExpiryInterval / 1000, uint.MaxValue);
        var session = sessions.Open(connection, client, settings, expiry, present => SendConnAck(connection, admission, present));
        connection.Rearm(connection.KeepAliveDue);
        connection.EndIfClosing();
        if (hooks.ClientConnack.IsUsed)
            hooks.ClientConnack.Tell(new ConnackSent(client, ReasonCode.Success));
        if (hooks.ClientConnected.IsUsed)
            hooks.ClientConnected.Tell(new ClientConnected(client, session));
    }

    /// <summary>Under the lock of the client id: counted here, nobody sees it leave before it has come.</summary>
    private void SendConnAck(Connection connection, Admission admission, bool present)
    {
        counters.Increment(Metric.ClientConnack);
        counters.Increment(Metric.ClientConnected);
        var packet = admission.Packet;
        if (!packet.IsV5)
        {
            ControlEncoder.ForThread.ConnAckV3(connection.Outbox, 0, present && packet.Version > 3);
            return;
        }

        var settings = connection.Settings;
        ControlEncoder.ForThread.ConnAck(connection.Outbox, new ConnAckProperties
        {
            SessionPresent = present,
            ReceiveMaximum = Math.Min(settings.MaxInflight, connection.Client!.ReceiveMaximum),
            MaximumQos = settings.MaxQosAllowed,
            RetainAvailable = settings.RetainAvailable,
            MaximumPacketSize = settings.MaxPacketSize,
            AssignedClientId = admission.AssignedId,
            TopicAliasMaximum = settings.MaxTopicAlias,
            WildcardAvailable = settings.WildcardSubscription,
            SharedAvailable = settings.SharedSubscription,
            ServerKeepAlive = settings.ServerKeepAlive >= 0 ? (ushort)settings.ServerKeepAlive : null,
            ResponseInformation = packet.RequestResponseInformation && settings.ResponseInformation.Length > 0 ? settings.ResponseInformation : null,
            AuthenticationMethod = admission.Request.Method,
            AuthenticationData = admission.Request.Reply,
        });
    }

    /// <summary>An unknown level is answered in MQTT 3's form, which every client can read.</summary>
    private void RefuseLevel(Connection connection)
    {
        counters.Increment(Metric.PacketsConnackError);
        ControlEncoder.ForThread.ConnAckV3(connection.Outbox, 1, false);
        connection.Close(0, "unsupported_protocol_version");
    }

    /// <summary>What has no code of its own gets EMQX's.</summary>
    private void RefuseMalformed(Connection connection, byte fault)
    {
        counters.Increment(Metric.PacketsConnackError);
        if (connection.IsV5)
            ControlEncoder.ForThread.ConnAckRefused(connection.Outbox, fault == 0 ? ReasonCode.PacketTooLarge : fault);
        connection.Close(0, "internal_error");
    }

    /// <summary>Answers a CONNECT with a refusal.</summary>
    public void Refuse(Connection connection, ClientInfo? client, byte reason)
    {
        if (connection.IsClosing)
            return;
        counters.Increment(Metric.ClientConnack);
        counters.Increment(Metric.PacketsConnackError);
        if (reason is ReasonCode.NotAuthorized or ReasonCode.BadUserNameOrPassword)
            counters.Increment(Metric.PacketsConnackAuthError);
        if (connection.IsV5)
            ControlEncoder.ForThread.ConnAckRefused(connection.Outbox, reason);
        else
            ControlEncoder.ForThread.ConnAckV3(connection.Outbox, ReasonCode.ToReturnCode(reason), false);
        if (client is not null && hooks.ClientConnack.IsUsed)
            hooks.ClientConnack.Tell(new ConnackSent(client, reason));
        connection.Close(0, ReasonCode.ToName(reason));
    }
}
