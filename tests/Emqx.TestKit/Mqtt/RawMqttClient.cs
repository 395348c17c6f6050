using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace Emqx.TestKit.Mqtt;

/// <summary>
/// One connection to a broker that leaves every choice to the test: it acknowledges nothing by itself, sends any bytes,
/// and hands out what arrives packet by packet. Every wait ends after <see cref="Patience.Long"/>.
/// </summary>
public sealed class RawMqttClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Channel<ReceivedPacket> _packets = Channel.CreateUnbounded<ReceivedPacket>();
    private readonly CancellationTokenSource _life = new();
    private readonly Task _reading;
    private int _lastId;

    /// <param name="version">How packets are read: 3, 4 or 5.</param>
    public RawMqttClient(Stream stream, byte version, bool reads = true)
    {
        _stream = stream;
        Version = version;
        _reading = reads ? ReadAllAsync() : Task.CompletedTask;
    }

    /// <summary>How packets are read; settable where one connection tries several.</summary>
    public byte Version { get; set; }

    /// <summary>Why the connection ended, null while it lives or where the peer closed it in order.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether a packet, or the end, has come.</summary>
    public bool HasArrived => _packets.Reader.Count > 0 || _packets.Reader.Completion.IsCompleted;

    /// <summary>Whether the broker's end of the connection has come, whatever is left to read before it.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Opens a TCP connection; with <paramref name="reads"/> false nothing is ever taken from the socket.</summary>
    public static async Task<RawMqttClient> OpenTcpAsync(IPEndPoint broker, byte version = 5, bool reads = true, int receiveBuffer = 0)
    {
        var socket = new Socket(broker.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(broker).WaitAsync(Patience.Long);
        return new RawMqttClient(new NetworkStream(socket, ownsSocket: true), version, reads);
    }

    /// <summary>Opens a TLS connection that trusts anybody.</summary>
    public static async Task<RawMqttClient> OpenTlsAsync(IPEndPoint broker, byte version = 5, X509Certificate2? certificate = null,
        SslProtocols protocols = SslProtocols.None)
    {
        var stream = await OpenTlsStreamAsync(broker, certificate, protocols);
        return new RawMqttClient(stream, version);
    }

    /// <summary>Opens a WebSocket connection with the subprotocol <c>mqtt</c> on <c>/mqtt</c>.</summary>
    public static async Task<RawMqttClient> OpenWebSocketAsync(IPEndPoint broker, byte version = 5, bool tls = false)
    {
        var stream = tls ? await OpenTlsStreamAsync(broker, null, SslProtocols.None) : await RawWebSocket.OpenStreamAsync(broker);
        var socket = new RawWebSocket(stream);
        await socket.UpgradeAsync();
        return new RawMqttClient(new WebSocketStream(socket), version);
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, _life.Token).AsTask().WaitAsync(Patience.Long);

    /// <summary>Sends the CONNECT and gives the CONNACK back.</summary>
    public async Task<ReceivedPacket> ConnectAsync(ConnectOptions options)
    {
        Version = options.Version;
        await SendAsync(options.ToPacket());
        return await ExpectAsync(PacketType.Connack);
    }

    /// <summary>Subscribes and gives the reason codes back.</summary>
    public Task<byte[]> SubscribeAsync(string filter, byte options = 0, PropertyList? properties = null) => SubscribeAsync(properties, (filter, options));

    public async Task<byte[]> SubscribeAsync(PropertyList? properties, params (string Filter, byte Options)[] filters)
    {
        var id = NextId();
        await SendAsync(Packets.Subscribe(Version, id, properties, filters));
        var suback = await ExpectAsync(PacketType.Suback);
        return suback.PacketId == id ? suback.ReasonCodes : throw new ExpectationException($"SUBACK {suback.PacketId} instead of {id}");
    }

    public async Task<byte[]> UnsubscribeAsync(params string[] filters)
    {
        await SendAsync(Packets.Unsubscribe(Version, NextId(), filters));
        return (await ExpectAsync(PacketType.Unsuback)).ReasonCodes;
    }

    /// <summary>Publishes, goes through the whole flow of the QoS and gives the reason code back. After QoS 0 the broker has handled it too.</summary>
    public async Task<byte> PublishAsync(string topic, string payload = "x", int qos = 0, bool retain = false, PropertyList? properties = null)
    {
        var id = qos > 0 ? NextId() : 0;
        await SendAsync(Packets.Publish(Version, topic, payload, qos, id, retain, properties: properties));
        if (qos == 0)
        {
            await ExpectNothingAsync();
            return 0;
        }

        var answer = await ExpectAsync(qos == 1 ? PacketType.Puback : PacketType.Pubrec);
        if (qos == 2 && answer.ReasonCode < 0x80)
        {
            await SendAsync(Packets.Ack(PacketType.Pubrel, id));
            await ExpectAsync(PacketType.Pubcomp);
        }

        return answer.ReasonCode;
    }

    /// <summary>The next packet, whatever it is.</summary>
    public async Task<ReceivedPacket> ReadAsync()
    {
        try
        {
            return await _packets.Reader.ReadAsync(_life.Token).AsTask().WaitAsync(Patience.Long);
        }
        catch (ChannelClosedException)
        {
            throw new ExpectationException($"the broker closed the connection ({Failure?.Message})");
        }
        catch (TimeoutException)
        {
            throw new ExpectationException($"no packet within {Patience.Long.TotalSeconds} s");
        }
    }

    /// <summary>The next packet, which must be of that type.</summary>
    public async Task<ReceivedPacket> ExpectAsync(PacketType type)
    {
        var packet = await ReadAsync();
        return packet.Type == type ? packet : throw new ExpectationException($"{packet} instead of {type}");
    }

    /// <summary>The next packet, which must be a delivery; acknowledged where asked for.</summary>
    public async Task<ReceivedPacket> ExpectMessageAsync(bool acknowledge = false)
    {
        var message = await ExpectAsync(PacketType.Publish);
        if (acknowledge)
            await AcknowledgeAsync(message);
        return message;
    }

    /// <summary>Goes through the receiver's side of the flow.</summary>
    public async Task AcknowledgeAsync(ReceivedPacket message)
    {
        if (message.Qos == 1)
            await SendAsync(Packets.Ack(PacketType.Puback, message.PacketId));
        if (message.Qos != 2)
            return;
        await SendAsync(Packets.Ack(PacketType.Pubrec, message.PacketId));
        await ExpectAsync(PacketType.Pubrel);
        await SendAsync(Packets.Ack(PacketType.Pubcomp, message.PacketId));
    }

    /// <summary>That nothing is on its way: the answer to a PINGREQ comes next.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(Packets.Ping);
        await ExpectAsync(PacketType.Pingresp);
    }

    /// <summary>That the broker ends the connection and sends nothing more.</summary>
    public async Task ExpectClosedAsync()
    {
        try
        {
            if (await _packets.Reader.WaitToReadAsync(_life.Token).AsTask().WaitAsync(Patience.Long))
                throw new ExpectationException($"{await _packets.Reader.ReadAsync()} instead of the end of the connection");
        }
        catch (TimeoutException)
        {
            throw new ExpectationException($"the connection is still open after {Patience.Long.TotalSeconds} s");
        }
    }

    /// <summary>That the broker refuses: DISCONNECT with that reason and the end in MQTT 5, the end alone in MQTT 3.</summary>
    public async Task ExpectRefusedAsync(byte reason)
    {
        if (Version == 5)
        {
            var packet = await ExpectAsync(PacketType.Disconnect);
            if (packet.ReasonCode != reason)
                throw new ExpectationException($"DISCONNECT 0x{packet.ReasonCode:X2} instead of 0x{reason:X2}");
        }

        await ExpectClosedAsync();
    }

    /// <summary>Leaves in order and waits for the broker to close.</summary>
    public async Task DisconnectAsync(byte reason = 0, PropertyList? properties = null)
    {
        await SendAsync(Packets.Disconnect(Version, reason, properties));
        await ExpectClosedAsync();
    }

    /// <summary>Breaks the connection without a DISCONNECT.</summary>
    public ValueTask DropAsync() => DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_life.IsCancellationRequested)
            return;
        await _life.CancelAsync();
        await _stream.DisposeAsync();
        await _reading;
        _life.Dispose();
    }

    public int NextId() => _lastId = _lastId % 65535 + 1;

    private static async Task<Stream> OpenTlsStreamAsync(IPEndPoint broker, X509Certificate2? certificate, SslProtocols protocols)
    {
        var stream = new SslStream(await RawWebSocket.OpenStreamAsync(broker), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ClientCertificates = certificate is null ? null : [certificate],
#pragma warning disable CA5359 // The broker's certificate is a self-signed one.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        }).WaitAsync(Patience.Long);
        return stream;
    }

    private async Task ReadAllAsync()
    {
        var head = new byte[1];
        try
        {
            while (await _stream.ReadAsync(head, _life.Token) == 1)
            {
                var first = head[0];
                var length = 0;
                for (var shift = 0; ; shift += 7)
                {
                    await _stream.ReadExactlyAsync(head, _life.Token);
                    length |= (head[0] & 127) << shift;
                    if (head[0] < 128)
                        break;
                }

                var body = new byte[length];
                await _stream.ReadExactlyAsync(body, _life.Token);
                _packets.Writer.TryWrite(new ReceivedPacket(first, body, Version));
            }
        }
        catch (Exception error) // Whatever ended the reading is told to those who wait.
        {
            Failure = error;
        }
        finally
        {
            _packets.Writer.TryComplete();
        }
    }
}
