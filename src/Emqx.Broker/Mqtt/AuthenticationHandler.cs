using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>AUTH (MQTT 5, 3.15): the steps of enhanced authentication behind a CONNECT, and of a connected client that authenticates anew.</summary>
internal sealed class AuthenticationHandler(ConnectHandler connect, ClientAuthentication authentication, Counters counters)
{
    public ValueTask Handle(Connection connection, ReadOnlySpan<byte> body)
    {
        counters.Increment(Metric.PacketsAuthReceived);
        var fault = AuthPacket.Decode(body, out var packet);
        if (connection.Authentication?.Admission is { } admission)
            return ContinueConnect(connection, admission, packet, fault);
        if (fault != 0)
            connection.Close(fault, fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(fault));
        else
            return ContinueConnected(connection, packet);
        return default;
    }

    /// <summary>Something else than AUTH came while a CONNECT's authentication goes on.</summary>
    public void RefuseUnexpected(Connection connection, bool isConnect)
    {
        if (isConnect)
            connect.Refuse(connection, connection.Authentication!.Admission!.Client, ReasonCode.ProtocolError);
        else
            ControlEncoder.ForThread.Disconnect(connection.Outbox, ReasonCode.ProtocolError);
        connection.Close(0, "protocol_error");
    }

    private ValueTask ContinueConnect(Connection connection, Admission admission, AuthPacket packet, byte fault)
    {
        if (fault == 0 && packet.ReasonCode != AuthPacket.ContinueAuthentication)
            fault = ReasonCode.ProtocolError;
        if (fault != 0)
            connect.Refuse(connection, admission.Client, fault);
        else if (packet.AuthenticationMethod != admission.Request.Method)
            connect.Refuse(connection, admission.Client, ReasonCode.BadAuthenticationMethod);
        else
            return connect.AuthenticateAsync(connection, admission, packet.AuthenticationData);
        return default;
    }

    private ValueTask ContinueConnected(Connection connection, AuthPacket packet)
    {
        var begins = packet.ReasonCode == AuthPacket.ReAuthenticate;
        var asked = connection.Authentication?.Request is not null;
        if (begins ? asked : packet.ReasonCode != AuthPacket.ContinueAuthentication || !asked)
            connection.Close(ReasonCode.ProtocolError, "protocol_error");
        else if (connection.Authentication is not { } method || packet.AuthenticationMethod != method.Method)
            connection.Close(ReasonCode.BadAuthenticationMethod, "bad_authentication_method");
        else
        {
            method.Request ??= new AuthenticateRequest(connection.Client!, default) { Method = method.Method, IsAgain = true };
            return AuthenticateAsync(connection, method, method.Request, packet.AuthenticationData);
        }

        return default;
    }

    private async ValueTask AuthenticateAsync(Connection connection, EnhancedAuthentication method, AuthenticateRequest request, byte[] data)
    {
        var answer = await authentication.AskAsync(request, data).ConfigureAwait(false);
        if (answer.Outcome == AuthenticationOutcome.Refused)
        {
            connection.Close(answer.ReasonCode, ReasonCode.ToName(answer.ReasonCode));
            return;
        }

        var goesOn = answer.Outcome == AuthenticationOutcome.Continued;
        if (!goesOn)
        {
            method.Request = null;
            connection.Rearm(connection.KeepAliveDue); // it may expire at another time now
        }

        ControlEncoder.ForThread.Auth(connection.Outbox, goesOn ? AuthPacket.ContinueAuthentication : ReasonCode.Success, method.Method, request.Reply);
    }
}
