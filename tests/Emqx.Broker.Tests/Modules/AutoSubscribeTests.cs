using System.Net;
using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Subscriptions that the node makes for everybody who connects.</summary>
public sealed class AutoSubscribeTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Who_connects_is_subscribed_with_the_options_and_who_is_connected_is_not()
    {
        await using var early = await _broker.ConnectAsync(new ConnectOptions { ClientId = "early" });
        Set(new("a", 1, 2, 1, 1), new("b/+", 0, 0, 0, 0));
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        Assert.Equal(["a", "b/+"], Subscriptions("c").Select(one => one.Filter.Text));
        Assert.Equal(new SubscriptionOptions(1, true, true, 2, 0), Subscriptions("c")[0].Options);
        Assert.Empty(Subscriptions("early"));
        await early.PublishAsync("b/x", "hello");
        Assert.Equal("hello", (await client.ExpectMessageAsync()).PayloadText);
        Assert.Equal([0], await client.UnsubscribeAsync("b/+"));
        Assert.Equal("a", Assert.Single(Subscriptions("c")).Filter.Text);
    }

    [Fact]
    public async Task Retained_messages_come_behind_the_CONNACK()
    {
        await using var sender = await _broker.ConnectAsync();
        await sender.PublishAsync("news", "old", qos: 1, retain: true);
        Set(new AutoSubscribeTopic("news", 1, 0, 0, 0));
        await using var client = await _broker.ConnectAsync(4);
        var message = await client.ExpectMessageAsync();
        Assert.Equal(("old", true), (message.PayloadText, message.Retain));
    }

    [Fact]
    public async Task A_list_that_became_empty_subscribes_nobody()
    {
        Set(new AutoSubscribeTopic("a", 0, 0, 0, 0));
        Set();
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        Assert.Empty(Subscriptions("c"));
    }

    [Theory]
    [InlineData("x/${clientid}/y", "x/c1/y")]
    [InlineData("${clientid}", "c1")]
    [InlineData("${clientid}${username}", "c1ann")]
    [InlineData("h/${host}/${port}/#", "h/10.0.0.1/4711/#")]
    [InlineData("$share/g/${clientid}", "$share/g/c1")]
    [InlineData("${nothing}/${client", "${nothing}/${client")]
    public void Places_are_filled_in(string topic, string expected) => Assert.Equal(expected, new TopicTemplate(topic).Fill(Client("c1", "ann"))?.Text);

    [Theory]
    [InlineData("u/${username}", "c", null)]
    [InlineData("u/${clientid}", "#", null)]
    [InlineData("u/${clientid}", "+", null)]
    [InlineData("u/${clientid}/#", "a/+", null)]
    [InlineData("${clientid}/x", "$share/g", null)]
    [InlineData("$share/${clientid}/t", "g/secret", null)]
    [InlineData("u/${username}", "c", "#")]
    [InlineData("", "c", null)]
    [InlineData("a/#/b", "c", null)]
    [InlineData("$share/g", "c", null)]
    public void What_makes_no_filter_and_names_that_would_widen_one_subscribe_to_nothing(string topic, string clientId, string? username) =>
        Assert.Null(new TopicTemplate(topic).Fill(Client(clientId, username)));

    [Fact]
    public void What_a_client_fills_in_is_not_filled_in_again() =>
        Assert.Equal("a/${username}/ann", new TopicTemplate("a/${clientid}/${username}").Fill(Client("${username}", "ann"))?.Text);

    private void Set(params AutoSubscribeTopic[] topics) => _broker.Get<SettingsRoot<AutoSubscribeSettings>>().Replace(new AutoSubscribeSettings(topics));

    private Subscription[] Subscriptions(string clientId) =>
        [.. _broker.Get<SessionTable>().Find(clientId)!.GetSubscriptions().OrderBy(one => one.Filter.Text, StringComparer.Ordinal)];

    private static ClientInfo Client(string clientId, string? username) => new()
    {
        ClientId = clientId, Username = username, PeerAddress = IPAddress.Parse("10.0.0.1"), PeerPort = 4711, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    };
}
