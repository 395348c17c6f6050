using System.Collections.Concurrent;
using System.Net;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Monitoring;

/// <summary>What the tests of this folder share.</summary>
internal static class Fakes
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 20, 0, 3, TimeSpan.Zero);

    public static ManualClock Clock() => new(Start);

    public static long Ms(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static NodeIdentity Node(TimeProvider time) => new("emqx@127.0.0.1", time.Ms(), ":memory:");

    public static ClientInfo Client(string clientId = "c1", string? username = null, string address = "192.0.2.7", string zone = "default") => new()
    {
        Zone = zone,
        ClientId = clientId, Username = username, PeerAddress = IPAddress.Parse(address), PeerPort = 40000, SocketPort = 1883,
        ProtocolName = "MQTT", ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 1, KeepAlive = 60,
    };
}

/// <summary>Keeps what was published, and lets a test wait for it.</summary>
internal sealed class PublishedMessages : IMessagePublisher
{
    private readonly SemaphoreSlim _arrived = new(0);

    public ConcurrentQueue<Message> All { get; } = new();

    public void Publish(Message message)
    {
        All.Enqueue(message);
        _arrived.Release();
    }

    public ValueTask<int> PublishAsync(Message message)
    {
        Publish(message);
        return new(0);
    }

    public async Task<Message> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(All.TryDequeue(out var message));
        return message!;
    }
}

/// <summary>Gauges that a test sets.</summary>
internal sealed class FixedGauges : INodeModule
{
    public NodeGauges Value;

    public void ReadGauges(ref NodeGauges gauges) => gauges = Value;
}
