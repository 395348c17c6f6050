using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>Cuts what was read into packets and hands each to its handler.</summary>
internal sealed partial class Connection
{
    private SessionCounters? _counters;
    private int _firstBytes, _firstPackets, _firstSentBytes, _firstSentPackets;

    /// <summary>Handles all whole packets, up to one whose verdict takes time; returns how many bytes they took.</summary>
    private int HandleFrames(ReadOnlySpan<byte> bytes)
    {
        PublishHandler.Begin();
        try
        {
            return HandleEach(bytes);
        }
        finally
        {
            _handlers.Publish.End();
        }
    }

    private int HandleEach(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (!IsClosing)
        {
            var frame = bytes[used..];
            var outcome = TryReadHeader(frame, out var bodyAt, out var length);
            if (outcome == FrameOutcome.Incomplete)
                return used;
            if (outcome == FrameOutcome.TooLarge)
            {
                RefuseFrame(ReasonCode.PacketTooLarge, "frame_too_large");
                return bytes.Length;
            }

            if (frame.Length - bodyAt < length)
                return used;
            if (frame[0] == PacketTypes.PubAck && HandlePlainAcks(frame) is var acks and not 0)
            {
                used += acks * AcknowledgementHandler.PlainAck;
                continue;
            }

            used += bodyAt + length;
            var handled = HandlePacket(frame[0], frame.Slice(bodyAt, length), bodyAt + length);
            if (!handled.IsCompletedSuccessfully)
                Suspend(handled);
            else if (IsTurnOver())
                EndTurn();
            else
                continue;
            return used;
        }

        return bytes.Length;
    }

    /// <summary>PUBACKs mostly come several at once.</summary>
    private int HandlePlainAcks(ReadOnlySpan<byte> bytes)
    {
        if (Session is not { } session || Watch is not null)
            return 0;
        _handlers.Publish.Pause();
        var count = _handlers.Acknowledgement.HandlePlain(session, bytes);
        _handlers.Counters.Add(Metric.PacketsReceived, count);
        session.Counters.ReceivedBytes += count * AcknowledgementHandler.PlainAck;
        session.Counters.ReceivedPackets += count;
        _work += count;
        return count;
    }

    private enum FrameOutcome
    {
        Whole,
        Incomplete,
        TooLarge,
    }

    /// <summary>Strangers have less room than clients.</summary>
    private int LargestPacket => Session is null ? Math.Min(Settings.MaxPacketSize, UnfinishedConnects.LargestPacket) : Settings.MaxPacketSize;

    /// <summary>The size is judged on the header, before anything of the body is kept.</summary>
    private FrameOutcome TryReadHeader(ReadOnlySpan<byte> frame, out int bodyAt, out int length)
    {
        length = 0;
        for (bodyAt = 1; bodyAt <= 4; bodyAt++)
        {
            if (bodyAt >= frame.Length)
                return FrameOutcome.Incomplete;
            var digit = frame[bodyAt];
            length |= (digit & 0x7F) << (7 * (bodyAt - 1));
            if ((digit & 0x80) != 0)
                continue;
            bodyAt++;
            return length + bodyAt > LargestPacket ? FrameOutcome.TooLarge : FrameOutcome.Whole;
        }

        return FrameOutcome.TooLarge;
    }

    private ValueTask HandlePacket(byte header, ReadOnlySpan<byte> body, int size)
    {
        var cells = _handlers.Counters.Mine();
        cells[(int)Metric.PacketsReceived]++;
        var type = (MqttControlPacketType)(header >> 4);
        if (Watch is { } watch)
            watch.Received(PacketFormat.Of(header, body, IsV5));
        if (Session is not { } session)
        {
            (_firstBytes, _firstPackets) = (_firstBytes + size, _firstPackets + 1);
            return HandleFirst(type, header, body);
        }

        session.Counters.ReceivedBytes += size;
        session.Counters.ReceivedPackets++;
        if (type != MqttControlPacketType.Publish)
            _handlers.Publish.Pause();
        switch (type)
        {
            case MqttControlPacketType.Publish when _handlers.IsStopping:
                break;
            case MqttControlPacketType.Publish:
                return _handlers.Publish.Handle(this, session, header, body);
            case MqttControlPacketType.PubAck or MqttControlPacketType.PubRec or MqttControlPacketType.PubRel or MqttControlPacketType.PubComp:
                _handlers.Acknowledgement.Handle(this, session, header, body);
                break;
            case MqttControlPacketType.Subscribe or MqttControlPacketType.Unsubscribe:
                return _handlers.Subscribe.Handle(this, session, header, body);
            case MqttControlPacketType.PingReq:
                HandlePing(header, body);
                break;
            case MqttControlPacketType.Disconnect:
                HandleDisconnect(body);
                break;
            case MqttControlPacketType.Auth when IsV5 && !body.IsEmpty:
                return _handlers.Authentication.Handle(this, body);
            case MqttControlPacketType.Connect or MqttControlPacketType.ConnAck or MqttControlPacketType.SubAck
                or MqttControlPacketType.UnsubAck or MqttControlPacketType.PingResp:
                Close(ReasonCode.ProtocolError, "protocol_error");
                break;
            default:
                Close(ReasonCode.MalformedPacket, "internal_error");
                break;
        }

        return default;
    }

    /// <summary>What came and went before there was a session, CONNECT first of all, counts as the client's too.</summary>
    private void CountFirst(SessionCounters counters)
    {
        counters.ReceivedBytes += _firstBytes;
        counters.ReceivedPackets += _firstPackets;
        counters.SentBytes += _firstSentBytes;
        counters.SentPackets += _firstSentPackets;
    }

    /// <summary>Before there is a session: CONNECT, and then AUTH where its authentication goes on in steps.</summary>
    private ValueTask HandleFirst(MqttControlPacketType type, byte header, ReadOnlySpan<byte> body)
    {
        var authenticates = Authentication is not null;
        if (type == MqttControlPacketType.Connect && !authenticates)
        {
            KeepConnect(body.Length);
            return _handlers.Connect.Handle(this, header, body);
        }

        if (type == MqttControlPacketType.Auth && authenticates)
            return _handlers.Authentication.Handle(this, body);
        if (authenticates)
            _handlers.Authentication.RefuseUnexpected(this, isConnect: type == MqttControlPacketType.Connect);
        else
            Close(0, "unexpected_packet");
        return default;
    }

    private void HandlePing(byte header, ReadOnlySpan<byte> body)
    {
        _handlers.Counters.Increment(Metric.PacketsPingreqReceived);
        if (!body.IsEmpty || (Settings.StrictMode && (header & 0x0F) != 0))
            Close(ReasonCode.MalformedPacket, "internal_error");
        else
            Outbox.Write([PacketTypes.PingResp, 0]);
    }

    /// <summary>DISCONNECT (3.14): a reason of 0 gives the will up; MQTT 5 may bring a new session expiry.</summary>
    private void HandleDisconnect(ReadOnlySpan<byte> body)
    {
        _handlers.Counters.Increment(Metric.PacketsDisconnectReceived);
        var code = ReasonCode.Success;
        if (IsV5 && !body.IsEmpty)
        {
            var reader = new PacketReader(body);
            code = reader.Byte();
            var properties = new Properties();
            if (!reader.AtEnd && !properties.Read(ref reader, PropertyScope.Disconnect))
            {
                Close(properties.Fault, properties.Fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(properties.Fault));
                return;
            }

            if (properties.SessionExpiryInterval is { } expiry && !ChangeExpiry(expiry))
                return;
        }

        if (code == ReasonCode.Success)
            Will = null;
        Close(0, ReasonCode.ToName(code));
    }

    private bool ChangeExpiry(uint seconds)
    {
        // A session that was to end with the connection cannot be kept after all (3.14.2.2.2).
        if (Session!.ExpiryInterval == 0 && seconds != 0)
        {
            Close(ReasonCode.ProtocolError, "protocol_error");
            return false;
        }

        Session.ExpiryInterval = seconds;
        return true;
    }

    private void RefuseFrame(byte reasonCode, string reason)
    {
        if (Client is null)
            Close(0, reason);
        else
            Close(reasonCode, reason);
    }
}
