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
        if (connection.Authentication is not { } method)
            connection.Close(ReasonCode.BadAuthenticationMethod, "bad_authentication_method");
        else if (AuthPacket.Decode(body) is not { } packet)
            connection.Close(ReasonCode.MalformedPacket, "internal_error");
        else
            return method.Admission is { } admission ? ContinueConnect(connection, admission, packet) : ContinueConnected(connection, method, packet);
        return default;
    }

    private ValueTask ContinueConnect(Connection connection, Admission admission, AuthPacket packet)
    {
        if (packet.ReasonCode != AuthPacket.ContinueAuthentication)
            connection.Close(0, "protocol_error");
        else if (packet.AuthenticationMethod != admission.Request.Method)
            connect.Refuse(connection, admission.Client, ReasonCode.BadAuthenticationMethod);
        else
            return connect.AuthenticateAsync(connection, admission, packet.AuthenticationData);
        return default;
    }

    private ValueTask ContinueConnected(Connection connection, EnhancedAuthentication method, AuthPacket packet)
    {
        var begins = packet.ReasonCode == AuthPacket.ReAuthenticate;
        if (packet.AuthenticationMethod != method.Method)
            connection.Close(ReasonCode.BadAuthenticationMethod, "bad_authentication_method");
        else if (begins ? method.Request is not null : packet.ReasonCode != AuthPacket.ContinueAuthentication || method.Request is null)
            connection.Close(ReasonCode.ProtocolError, "protocol_error");
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
