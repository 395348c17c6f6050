using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>An IPv4 client of a listener that takes IPv4 and IPv6 has an IPv4 address, wherever one looks.</summary>
public sealed class PeerTests : IAsyncLifetime
{
    private static readonly IPEndPoint s_anywhere = new(IPAddress.IPv6Any, 0);
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<IPEndPoint> ListenAsync(ListenerType type, params string[] rules)
    {
        var settings = new ListenerSettings { Type = type, Name = Unique.Name("both"), Bind = s_anywhere };
        var bound = await _broker.ListenAsync(rules.Length == 0 ? settings : settings with { AccessRules = rules });
        return new IPEndPoint(IPAddress.Loopback, bound.Port);
    }

    private async Task<RawMqttClient> ConnectAsync(IPEndPoint to, string clientId, Will? will = null)
    {
        var client = await RawMqttClient.OpenTcpAsync(to, 5);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions { ClientId = clientId, Will = will })).ReasonCode);
        return client;
    }

    [Fact]
    public async Task Hooks_see_it_at_CONNECT_and_in_messages()
    {
        IPAddress? address = null;
        var hosts = new List<string?>();
        var hooks = _broker.Get<BrokerHooks>();
        using var connect = hooks.ClientConnect.Add(attempt =>
        {
            address = attempt.Client.PeerAddress;
            return HookResult.Continue;
        });
        using var publish = hooks.MessagePublish.Add(attempt =>
        {
            if (!attempt.Message.IsSystem)
                hosts.Add(attempt.Message.FromPeerHost);
            return HookResult.Continue;
        });
        var gone = _broker.GoneAsync("both");
        await using (var client = await ConnectAsync(await ListenAsync(ListenerType.Tcp), "both", new Will("last", [1])))
            await client.PublishAsync("t", qos: 1);
        await gone;
        Assert.Equal(IPAddress.Loopback, address);
        Assert.Equal(["127.0.0.1", "127.0.0.1"], hosts);
    }

    [Fact]
    public async Task The_list_of_clients_finds_it_by_its_address()
    {
        await using var client = await ConnectAsync(await ListenAsync(ListenerType.Tcp), "both");
        using var page = await _broker.Get<IClientDirectory>().ListAsync(new ClientFilter { Address = IPAddress.Loopback }, 1, 10, default);
        Assert.Equal(IPAddress.Loopback, page[0].View.Client.PeerAddress);
    }

    [Fact]
    public async Task A_rule_of_the_listener_concerns_it()
    {
        var bound = await ListenAsync(ListenerType.Tcp, "allow 127.0.0.0/8", "deny all");
        await using var client = await ConnectAsync(bound, "both");
    }

    [Fact]
    public async Task A_proxy_in_front_of_a_WebSocket_may_name_it_in_IPv6_form()
    {
        IPAddress? address = null;
        using var connect = _broker.Get<BrokerHooks>().ClientConnect.Add(attempt =>
        {
            address = attempt.Client.PeerAddress;
            return HookResult.Continue;
        });
        await using var socket = await RawWebSocket.OpenAsync(await ListenAsync(ListenerType.Ws));
        await socket.UpgradeAsync(extraHeaders: "X-Forwarded-For: ::ffff:10.1.2.3\r\n");
        await socket.SendAsync(RawWebSocket.BinaryFrame, new ConnectOptions { ClientId = "both" }.ToPacket());
        await socket.ReadPacketAsync();
        Assert.Equal(IPAddress.Parse("10.1.2.3"), address);
    }

    [Fact]
    public async Task A_WebSocket_client_without_TLS_has_named_its_host_by_HTTP()
    {
        await using var client = await RawMqttClient.OpenWebSocketAsync(await ListenAsync(ListenerType.Ws));
        await client.ConnectAsync(new ConnectOptions { ClientId = "named" });
        Assert.Equal("localhost", _broker.Get<SessionTable>().Find("named")!.Client.PeerSni);
    }
}
