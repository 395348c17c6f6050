using System.Net;
using System.Net.Sockets;
using Emqx.Broker.Access;
using Emqx.Broker.Collections;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt;

/// <summary>Where a connection comes from: told by the listener before the first byte is read.</summary>
/// <param name="Peer">Normalized: no IPv4 address in IPv6 form.</param>
internal sealed record ConnectionOrigin(ListenerSettings Listener, IPEndPoint Peer, int LocalPort)
{
    public string? ServerName { get; init; }
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }

    /// <summary>The common name in a certificate that a proxy has seen; null where none tells of one.</summary>
    public string? CertificateName { get; init; }

    /// <summary>The same, behind a proxy.</summary>
    public ConnectionOrigin Told(ProxiedPeer told) =>
        this with { Peer = told.EndPoint ?? Peer, ServerName = told.ServerName, CertificateName = told.CommonName };
}

/// <summary>
/// One MQTT connection: reads packets, hands them to the handlers, and goes away once. Its timer watches the first
/// packet's time, the keep alive, a peer that takes nothing, and the last second of a closing connection.
/// </summary>
internal sealed partial class Connection : WheelTimer, ISessionLink, IOutboxOwner
{
    private const int ScratchSize = 16 * 1024; // larger pieces of a burst would not be faster, but hold up others' acknowledgements
    private const int BurstReads = 16; // then others get their turn
    private const int OwnBufferSize = 8 * 1024;

    [ThreadStatic]
    private static byte[]? s_scratch;

    private readonly MqttTransport _transport;
    private readonly PacketHandlers _handlers;
    private readonly IntakeLimit? _intake; // where a rate bounds what is read
    private TaskCompletionSource? _wake;
    private long _lastReceived;
    private string? _peerHost;
    private Will? _will;

    public Connection(MqttTransport transport, ConnectionOrigin origin, PacketHandlers handlers)
    {
        _transport = transport;
        _handlers = handlers;
        Origin = origin;
        Settings = handlers.Zone.Current.Of(origin.Listener.Zone).Mqtt;
        _intake = handlers.Intake.LimitOf(origin.Listener);
        Outbox = new Outbox(transport, origin.Listener.HighWatermark, this);
        _lastReceived = handlers.Wheel.Steady;
    }

    public ConnectionOrigin Origin { get; }

    /// <summary>The settings of its zone when it connected.</summary>
    public MqttSettings Settings { get; private set; }
    public Outbox Outbox { get; }

    /// <summary>3, 4 or 5; 0 before CONNECT.</summary>
    public byte Version { get; set; }
    public bool IsV5 => Version == 5;

    /// <summary>Set once CONNECT was accepted.</summary>
    public Session? Session
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                ForgetConnect();
                _intake?.Begin(value.Counters.ReceivedMessages);
                CountFirst(_counters = value.Counters);
            }
        }
    }

    public ClientInfo? Client { get; set; }

    /// <summary>Published when the connection breaks; null after a normal DISCONNECT.</summary>
    public Will? Will { get => Volatile.Read(ref _will); set => Volatile.Write(ref _will, value); }

    /// <summary>What the client was allowed and denied lately; made at the first decision.</summary>
    public AuthorizationCache? AuthorizationCache { get; private set; }

    /// <summary>The same, made where it is not there yet.</summary>
    public AuthorizationCache Decisions => AuthorizationCache ??= new AuthorizationCache();

    /// <summary>Of a client that has named an authentication method; null else.</summary>
    public EnhancedAuthentication? Authentication { get; set; }

    /// <summary>Of a client that publishes; made with its first message.</summary>
    public PublishState? Publishing { get; set; }

    /// <summary>The peer's address as text.</summary>
    public string PeerHost => _peerHost ??= Origin.Peer.Address.ToString();

    /// <summary>Unix milliseconds.</summary>
    public long Now => _handlers.Wheel.Coarse;

    /// <inheritdoc/>
    public long Steady => _handlers.Wheel.Steady;

    /// <summary>Serves the connection until it is over. Never throws.</summary>
    /// <param name="over">Told at the very end. An idle connection waits in this method alone: each that awaits it would hold another 130 bytes.</param>
    public async Task RunAsync(Action<Connection> over)
    {
        RestartIdleTimeout();
        var reason = "tcp_closed";
        try
        {
            var open = true;
            while (open)
            {
                await _transport.WaitAsync().ConfigureAwait(false);
                open = _transport.ReadsAtOnce ? ReadBurst() : await ReadOwnBuffer().ConfigureAwait(false);
                if (IsSuspended)
                    await ResumeAsync().ConfigureAwait(false);
                if (open && Outbox.IsFull && !IsClosing)
                    await WaitForRoom().ConfigureAwait(false);
            }

            reason = _transport.EndReason;
            _transport.AnswerEnd();
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException
                                          or System.Net.WebSockets.WebSocketException)
        {
            // The peer or the node ended it: nothing to say.
        }
        catch (Exception error) // One connection's defect must not reach another: log it and let the connection go.
        {
            MqttLog.ConnectionFailed(_handlers.Logger, Client?.ClientId, error);
            reason = "internal_error";
        }
        finally
        {
            try
            {
                Finish(reason);
            }
            finally
            {
                over(this);
            }
        }
    }

    public void Drained()
    {
        Wake();
        Session?.Drain();
    }

    private bool ReadBurst()
    {
        if (_hasRest)
        {
            HandleRest();
            return true;
        }

        var scratch = s_scratch ??= new byte[ScratchSize];
        var most = _transport.TakesTurns ? 1 : BurstReads;
        for (var i = 0; i < most; i++)
        {
            var kept = TakeKept(scratch);
            var into = _partial is null ? scratch.AsMemory(kept) : RoomInPartial();
            var read = _transport.ReadAsync(into);
            var count = read.IsCompletedSuccessfully ? read.Result : 0;
            if (count <= 0)
            {
                Keep(scratch.AsSpan(0, kept));
                return count == MqttTransport.WouldBlock;
            }

            Received(_partial is null ? scratch.AsSpan(0, kept + count) : into.Span[..count], count);
            if (count < into.Length || Outbox.IsFull || IsSuspended)
                return true;
        }

        return true;
    }

    private async ValueTask<bool> ReadOwnBuffer()
    {
        var own = ByteBuffers.Rent(OwnBufferSize);
        try
        {
            var kept = TakeKept(own);
            var into = _partial is null ? own.AsMemory(kept) : RoomInPartial();
            var count = await _transport.ReadAsync(into).ConfigureAwait(false);
            if (count > 0)
                Received(_partial is null ? own.AsSpan(0, kept + count) : into.Span[..count], count);
            return count > 0;
        }
        finally
        {
            ByteBuffers.Return(own);
        }
    }

    private async ValueTask WaitForRoom()
    {
        var wake = NewWake();
        if (Outbox.IsFull && !IsClosing)
            await wake.ConfigureAwait(false);
        _wake = null;
    }

    /// <summary>What is completed when there is room again, or the connection is over. Look at both once more after the call.</summary>
    private Task NewWake()
    {
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _wake, wake); // a fence: whoever changes what is looked at next finds it
        return wake.Task;
    }

    private void Wake() => Volatile.Read(ref _wake)?.TrySetResult();

    /// <summary>Handles one read: all packets in it, then one flush for every receiver.</summary>
    /// <param name="bytes">What was read, behind the beginning of a packet that was taken out of its keeping for it.</param>
    /// <param name="count">How many of them are new.</param>
    private void Received(Span<byte> bytes, int count)
    {
        if (IsClosing)
            return; // only the peer's end is still of interest
        Volatile.Write(ref _lastReceived, _handlers.Wheel.Refresh());
        _handlers.Counters.Add(Metric.BytesReceived, count);
        Worked(count / BytesAPiece);
        Volatile.Write(ref _isHandling, true);
        var batch = FlushBatch.Begin();
        try
        {
            if (_partial is null)
                Keep(bytes[HandleFrames(bytes)..]);
            else
                HandlePartial(count);
            Settle();
        }
        finally
        {
            batch.End();
            Volatile.Write(ref _isHandling, false);
        }

        if (_intake is null)
            return;
        _intake.Read(count);
        HoldBack();
    }

    private void HandlePartial(int added)
    {
        _partialLength += added;
        var partial = _partial!;
        var used = HandleFrames(partial.AsSpan(0, _partialLength));
        if (used == 0)
            return;
        _partial = null;
        var left = partial.AsSpan(used, _partialLength - used);
        Keep(left);
        ByteBuffers.Return(partial);
    }
}
