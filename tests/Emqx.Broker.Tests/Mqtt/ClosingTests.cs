using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Connections that were taken over, discarded, kicked or refused are gone a second later, whatever their peers do.</summary>
public sealed class ClosingTests : IAsyncLifetime
{
    private const int Storm = 40;
    private static readonly TimeSpan s_goodbye = TimeSpan.FromMilliseconds(1100);
    private readonly ManualClock _clock = new();
    private readonly List<RawMqttClient> _peers = [];
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(time: _clock);

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Theory]
    [InlineData("tcp", true, 60), InlineData("tcp", false, 60), InlineData("tcp", true, 0), InlineData("tcp", false, 0)]
    [InlineData("ssl", true, 60), InlineData("ws", false, 0), InlineData("wss", true, 60)]
    public async Task Of_a_storm_of_connects_with_one_client_id_only_the_last_one_stays(string type, bool clean, int keepAlive)
    {
        var (id, at) = await ListenAsync(type);
        var options = new ConnectOptions { ClientId = Unique.Name("s"), Clean = clean, KeepAlive = keepAlive };
        for (var round = 0; round < 3; round++)
        {
            var peers = await Task.WhenAll(Enumerable.Range(0, Storm).Select(_ => OpenAsync(type, at)));
            _peers.AddRange(peers);
            await Task.WhenAll(peers.Select(peer => peer.SendAsync(options.ToPacket())));
            await Eventually.TrueAsync(() => peers.All(static peer => peer.HasArrived), "everybody is answered");
        }

        await EndsAsync(id, 1);
    }

    [Fact]
    public async Task Kicks_bans_refusals_and_takeovers_at_once_leave_no_connection_behind()
    {
        var (id, at) = await ListenAsync("tcp");
        var unwanted = Unique.Name("no");
        using var link = _broker.Get<BrokerHooks>().ClientConnect.Add(attempt =>
        {
            if (attempt.Client.ClientId == unwanted)
                attempt.ReasonCode = ReasonCode.Banned;
            return HookResult.Continue;
        });
        var ids = Enumerable.Range(0, 8).Select(static _ => Unique.Name("k")).Append(unwanted).ToArray();
        var kicks = Task.WhenAll(ids.Select(name => KickAgainAndAgainAsync(name)));
        for (var round = 0; round < 4; round++)
        {
            var peers = await Task.WhenAll(Enumerable.Range(0, 5 * ids.Length).Select(_ => OpenAsync("tcp", at)));
            _peers.AddRange(peers);
            await Task.WhenAll(peers.Select((peer, i) =>
                peer.SendAsync(new ConnectOptions { ClientId = ids[i % ids.Length], Clean = i % 2 == 0, KeepAlive = i % 3 * 30, Version = (byte)(i % 2 + 4) }.ToPacket())));
            await Eventually.TrueAsync(() => peers.All(static peer => peer.HasArrived), "everybody is answered");
        }

        await kicks;
        await _broker.Get<IClientControl>().KickAsync(ids, TestContext.Current.CancellationToken);
        await EndsAsync(id, 0);
    }

    [Fact]
    public async Task A_verdict_that_never_comes_does_not_keep_the_connection_of_a_kicked_client()
    {
        var (id, at) = await ListenAsync("tcp");
        var verdict = new TaskCompletionSource<HookResult>();
        using var link = _broker.Get<BrokerHooks>().ClientAuthorize.Add((_, _) => new ValueTask<HookResult>(verdict.Task));
        var peer = await OpenAsync("tcp", at);
        _peers.Add(peer);
        var options = new ConnectOptions();
        await peer.ConnectAsync(options);
        await peer.SendAsync(Packets.Publish(5, "a", "x", qos: 1, id: 1));
        await _broker.Get<IClientControl>().KickAsync(options.ClientId, TestContext.Current.CancellationToken);
        await EndsAsync(id, 0);
        verdict.SetResult(HookResult.Continue);
    }

    [Theory, InlineData(0), InlineData(60)]
    public async Task A_client_that_is_kicked_while_its_connect_is_answered_is_gone_a_second_later(int keepAlive)
    {
        var (id, at) = await ListenAsync("tcp");
        using var hook = _broker.Get<BrokerHooks>().SessionCreated.Add(session => _broker.Get<ISessionActions>().Kick(session));
        var peer = await OpenAsync("tcp", at);
        _peers.Add(peer);
        await peer.ConnectAsync(new ConnectOptions { KeepAlive = keepAlive });
        await peer.ExpectAsync(PacketType.Disconnect);
        await EndsAsync(id, 0);
    }

    private async Task KickAgainAndAgainAsync(string clientId)
    {
        var clients = _broker.Get<IClientControl>();
        for (var i = 0; i < 100; i++)
        {
            await clients.KickAsync(clientId, TestContext.Current.CancellationToken);
            await Task.Yield();
        }
    }

    /// <summary>A second later the listener, the table, the metrics and the peers agree on how many are left.</summary>
    private async Task EndsAsync(string listener, int left)
    {
        _clock.Advance(s_goodbye);
        await Eventually.TrueAsync(() => _broker.Get<IMqttListeners>().Find(listener)!.CurrentConnections == left, $"{left} connections are counted");
        var counters = _broker.Get<Counters>();
        await Eventually.TrueAsync(() => counters.Read(Metric.ClientConnected) - counters.Read(Metric.ClientDisconnected) == left, "as many came as went");
        await Eventually.TrueAsync(() => _broker.Get<ClientTable>().Counts.Live == left, $"{left} are in the table");
        // The count falls before the end is on the wire, and the wire is not instant.
        await Eventually.TrueAsync(() => _peers.Count(static peer => !peer.HasEnded) == left, $"{left} peers see their connection open");
        foreach (var peer in _peers.Where(static peer => peer.HasEnded))
            Assert.True(await FailsAsync(peer), "the socket was let go");
    }

    /// <summary>Whether the node has let the peer's socket go: then what is sent to it comes back as a reset.</summary>
    private static async Task<bool> FailsAsync(RawMqttClient peer)
    {
        for (var i = 0; i < 200; i++)
        {
            try
            {
                await peer.SendAsync(Packets.Ping);
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
            catch (IOException)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<(string Id, IPEndPoint At)> ListenAsync(string type)
    {
        var settings = new ListenerSettings { Type = Enum.Parse<ListenerType>(type, ignoreCase: true), Name = Unique.Name("l"), Bind = TestBroker.Loopback };
        return (settings.Id, await _broker.ListenAsync(settings));
    }

    private static Task<RawMqttClient> OpenAsync(string type, IPEndPoint at) => type switch
    {
        "tcp" => RawMqttClient.OpenTcpAsync(at),
        "ssl" => RawMqttClient.OpenTlsAsync(at),
        _ => RawMqttClient.OpenWebSocketAsync(at, tls: type == "wss"),
    };
}
