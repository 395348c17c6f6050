using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Topic aliases, from the client and to it.</summary>
public sealed class TopicAliasTests(SharedBroker broker)
{
    private readonly string _topic = Unique.Topic();

    private static PropertyList Alias(uint alias) => new() { { Property.TopicAlias, alias } };

    [Fact]
    public async Task An_alias_stands_for_its_topic_and_may_be_moved()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync($"{_topic}/#", 0);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync($"{_topic}/a", "1", properties: Alias(65535));
        await publisher.PublishAsync("", "2", properties: Alias(65535));
        await publisher.PublishAsync($"{_topic}/b", "3", properties: Alias(65535));
        await publisher.PublishAsync("", "4", qos: 1, properties: Alias(65535));
        foreach (var (topic, payload) in new[] { ("a", "1"), ("a", "2"), ("b", "3"), ("b", "4") })
        {
            var message = await client.ExpectMessageAsync();
            Assert.Equal(($"{_topic}/{topic}", payload, false), (message.Topic, message.PayloadText, message.Properties.Has(Property.TopicAlias)));
        }
    }

    [Fact]
    public async Task Alias_0_is_invalid()
    {
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Publish(5, _topic, "x", properties: Alias(0)));
        await client.ExpectRefusedAsync(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public async Task An_alias_over_the_maximum_is_invalid()
    {
        await using var one = await TestBroker.StartAsync(new() { MaxTopicAlias = 5 });
        await using var client = await one.ConnectAsync();
        await client.SendAsync(Packets.Publish(5, _topic, "x", properties: Alias(6)));
        await client.ExpectRefusedAsync(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public async Task An_unknown_alias_is_a_protocol_error()
    {
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Publish(5, "", "x", properties: Alias(7)));
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task An_alias_ends_with_the_connection()
    {
        var id = Unique.Name("a");
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(id)))
            await client.PublishAsync(_topic, properties: Alias(1));
        await using var back = await broker.ConnectAsync(ConnectOptions.Lasting(id));
        await back.SendAsync(Packets.Publish(5, "", "x", properties: Alias(1)));
        await back.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Deliveries_use_aliases_where_the_client_takes_them()
    {
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.TopicAliasMaximum, 2 } } });
        await client.SubscribeAsync($"{_topic}/#", 0);
        await using var publisher = await broker.ConnectAsync();
        foreach (var level in "aabbcca")
            await publisher.PublishAsync($"{_topic}/{level}");
        var known = new Dictionary<uint, string>();
        var topics = "";
        for (var i = 0; i < 7; i++)
        {
            var message = await client.ExpectMessageAsync();
            var alias = message.Properties.Number(Property.TopicAlias);
            Assert.True(alias is null or 1 or 2);
            if (alias is { } number && message.Topic.Length > 0)
                known[number] = message.Topic;
            topics += (message.Topic.Length > 0 ? message.Topic : known[alias!.Value])[^1];
            if (i is 1 or 3)
                Assert.Equal("", message.Topic);
        }

        Assert.Equal("aabbcca", topics);
    }
}
