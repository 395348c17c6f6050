using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>CONNECT and CONNACK.</summary>
public sealed class ConnectTests(SharedBroker broker)
{
    [Theory, InlineData(3), InlineData(4), InlineData(5)]
    public async Task Each_version_is_accepted(byte version)
    {
        await using var client = await broker.OpenAsync(version);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = version });
        Assert.Equal(0, connack.ReasonCode);
        Assert.False(connack.SessionPresent);
    }

    [Theory, InlineData(0), InlineData(6), InlineData(2), InlineData(127)]
    public async Task Another_level_gets_return_code_1_in_the_old_form(byte level)
    {
        await using var client = await broker.OpenAsync(4);
        await client.SendAsync(new PacketWriter().Text("MQTT").Byte(level).Byte(2).Short(60).Text("x").ToPacket(PacketType.Connect));
        var connack = await client.ExpectAsync(PacketType.Connack);
        Assert.Equal<byte>([0, 1], connack.Body);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData("MQTTX"), InlineData("mqtt"), InlineData(""), InlineData("HTTP")]
    public async Task Another_protocol_name_is_dropped(string name)
    {
        await using var client = await broker.OpenAsync();
        await client.SendAsync(new PacketWriter().Text(name).Byte(5).Byte(2).Short(60).Byte(0).Text("x").ToPacket(PacketType.Connect));
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Connack_tells_what_there_is()
    {
        await using var client = await broker.OpenAsync();
        var told = (await client.ConnectAsync(new ConnectOptions())).Properties;
        Assert.Equal(1_048_576u, told.Number(Property.MaximumPacketSize));
        Assert.Equal(65535u, told.Number(Property.TopicAliasMaximum));
        Assert.Equal(1u, told.Number(Property.RetainAvailable));
        Assert.Equal(1u, told.Number(Property.WildcardSubscriptionAvailable));
        Assert.Equal(1u, told.Number(Property.SharedSubscriptionAvailable));
        Assert.Equal(1u, told.Number(Property.SubscriptionIdentifierAvailable));
        Assert.Equal(32u, told.Number(Property.ReceiveMaximum));
        Assert.False(told.Has(Property.MaximumQos));
        Assert.False(told.Has(Property.ServerKeepAlive));
        Assert.False(told.Has(Property.AssignedClientIdentifier));
        Assert.False(told.Has(Property.SessionExpiryInterval));
        Assert.False(told.Has(Property.ResponseInformation));
    }

    [Theory, InlineData(10, 10), InlineData(32, 32), InlineData(100, 32)]
    public async Task Receive_maximum_is_the_smaller_one(uint asked, uint told)
    {
        await using var client = await broker.OpenAsync();
        var connack = await client.ConnectAsync(new ConnectOptions { Properties = { { Property.ReceiveMaximum, asked } } });
        Assert.Equal(told, connack.Properties.Number(Property.ReceiveMaximum));
    }

    [Fact]
    public async Task An_empty_id_is_assigned_and_told()
    {
        await using var client = await broker.OpenAsync();
        var connack = await client.ConnectAsync(new ConnectOptions { ClientId = "" });
        Assert.Equal(0, connack.ReasonCode);
        Assert.NotEmpty(connack.Properties.Text(Property.AssignedClientIdentifier)!);
    }

    [Theory, InlineData(true, 0), InlineData(false, 2)]
    public async Task An_empty_id_needs_clean_session_in_version_4(bool clean, byte code)
    {
        await using var client = await broker.OpenAsync(4);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = 4, ClientId = "", Clean = clean });
        Assert.Equal(code, connack.ReasonCode);
        if (code != 0)
            await client.ExpectClosedAsync();
    }

    [Theory, InlineData(4), InlineData(5)]
    public async Task A_second_connect_is_a_protocol_error(byte version)
    {
        await using var client = await broker.ConnectAsync(version);
        await client.SendAsync(new ConnectOptions { Version = version }.ToPacket());
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Another_first_packet_is_dropped_at_once()
    {
        foreach (var packet in new[] { Packets.Ping, Packets.Publish(5, "a", "x"), Packets.Subscribe(5, 1, null, ("a", 0)), Packets.Disconnect(5), [0x20, 3, 0, 0, 0] })
        {
            await using var client = await broker.OpenAsync();
            await client.SendAsync(packet);
            await client.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one()
    {
        await using var client = await broker.OpenAsync();
        foreach (var one in new ConnectOptions().ToPacket())
            await client.SendAsync(new[] { one });
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Fact]
    public async Task What_follows_connect_in_the_same_write_is_handled()
    {
        await using var client = await broker.OpenAsync();
        byte[] all = [.. new ConnectOptions().ToPacket(), .. Packets.Subscribe(5, 1, null, ("x/y", 0)), .. Packets.Ping];
        await client.SendAsync(all);
        await client.ExpectAsync(PacketType.Connack);
        await client.ExpectAsync(PacketType.Suback);
        await client.ExpectAsync(PacketType.Pingresp);
    }

    [Theory]
    [InlineData(5, ReasonCode.BadCredentials, 0x86), InlineData(4, ReasonCode.BadCredentials, 4)]
    [InlineData(5, ReasonCode.NotAuthorized, 0x87), InlineData(4, ReasonCode.NotAuthorized, 5), InlineData(3, ReasonCode.NotAuthorized, 5)]
    public async Task Refused_credentials_have_their_code(byte version, byte reason, byte told)
    {
        var id = Unique.Name("c");
        using var link = broker.Broker.Get<BrokerHooks>().ClientAuthenticate.Add(request =>
        {
            if (request.Client.ClientId != id)
                return HookResult.Continue;
            request.Allowed = false;
            request.ReasonCode = reason;
            return HookResult.Stop;
        });
        await using var client = await broker.OpenAsync(version);
        Assert.Equal(told, (await client.ConnectAsync(new ConnectOptions { Version = version, ClientId = id })).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData(5, 0x8A), InlineData(4, 5)]
    public async Task A_hook_may_refuse_the_connect(byte version, byte told)
    {
        var id = Unique.Name("c");
        using var link = broker.Broker.Get<BrokerHooks>().ClientConnect.Add(attempt =>
        {
            if (attempt.Client.ClientId == id)
                attempt.ReasonCode = ReasonCode.Banned;
            return HookResult.Continue;
        });
        await using var client = await broker.OpenAsync(version);
        Assert.Equal(told, (await client.ConnectAsync(new ConnectOptions { Version = version, ClientId = id })).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Response_information_comes_only_when_asked_for()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { ResponseInformation = "reply/here" });
        await using var silent = await one.OpenAsync();
        Assert.False((await silent.ConnectAsync(new ConnectOptions())).Properties.Has(Property.ResponseInformation));
        await using var asking = await one.OpenAsync();
        var connack = await asking.ConnectAsync(new ConnectOptions { Properties = { { Property.RequestResponseInformation, 1 } } });
        Assert.Equal("reply/here", connack.Properties.Text(Property.ResponseInformation));
    }

    [Theory, InlineData(5, 0x85), InlineData(4, 2)]
    public async Task A_client_id_over_the_limit_is_refused(byte version, byte told)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MaxClientIdLength = 8 });
        await using var fits = await one.ConnectAsync(new ConnectOptions { Version = version, ClientId = "12345678" });
        await using var client = await one.OpenAsync(version);
        Assert.Equal(told, (await client.ConnectAsync(new ConnectOptions { Version = version, ClientId = "123456789" })).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task The_user_name_may_become_the_id()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { UseUsernameAsClientId = true });
        await using var named = await one.OpenAsync();
        Assert.False((await named.ConnectAsync(new ConnectOptions { Username = "u1" })).Properties.Has(Property.AssignedClientIdentifier));
        await using var empty = await one.OpenAsync();
        var connack = await empty.ConnectAsync(new ConnectOptions { Username = "u1", ClientId = "" });
        Assert.Equal("u1", connack.Properties.Text(Property.AssignedClientIdentifier));
        await named.ExpectRefusedAsync(ReasonCode.SessionTakenOver);
    }
}
