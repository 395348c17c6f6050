using Emqx.Broker.Hooks;
using Emqx.Broker.Node;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Topics as a node rewrites them for its clients.</summary>
public sealed class TopicRewriteNodeTests : IAsyncLifetime
{
    private const string Configuration = """
        rewrite = [
          {action = all, source_topic = "old/#", re = "^old/(.+)$", dest_topic = "new/$1"}
        ]
        """;

    private BrokerNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await BrokerNode.StartNewAsync(new() { Tcp = TestBroker.Loopback, Configuration = Configuration });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<RawMqttClient> ConnectAsync()
    {
        var client = await RawMqttClient.OpenTcpAsync(_node.Listeners[0].EndPoint);
        await client.ConnectAsync(new ConnectOptions());
        return client;
    }

    [Fact]
    public async Task Who_publishes_and_who_subscribes_meet_at_the_new_topic()
    {
        await using var watcher = await ConnectAsync();
        await using var client = await ConnectAsync();
        await watcher.SubscribeAsync("old/+");
        Assert.Equal(0, await client.PublishAsync("new/a", "1", qos: 1));
        Assert.Equal("new/a", (await watcher.ExpectMessageAsync()).Topic);
        Assert.Equal(0, await client.PublishAsync("old/b", "2", qos: 1));
        Assert.Equal("new/b", (await watcher.ExpectMessageAsync()).Topic);
        Assert.Equal([0], await watcher.UnsubscribeAsync("old/+"));
        Assert.Equal(0x10, await client.PublishAsync("new/a", "3", qos: 1));
    }

    [Fact]
    public async Task What_is_retained_is_kept_under_the_new_topic()
    {
        await using var client = await ConnectAsync();
        await client.PublishAsync("old/kept", "x", qos: 1, retain: true);
        await client.SubscribeAsync("new/kept");
        Assert.Equal("new/kept", (await client.ExpectMessageAsync()).Topic);
    }

    [Fact]
    public async Task Authorization_is_about_the_topic_as_the_client_names_it()
    {
        List<string> asked = [];
        _node.Services.GetRequiredService<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            asked.Add(request.Topic);
            request.Verdict = request.Topic != "old/secret";
            return HookResult.Continue;
        });
        await using var client = await ConnectAsync();
        Assert.Equal([0], await client.SubscribeAsync("old/a"));
        Assert.Equal([0x87], await client.SubscribeAsync("old/secret"));
        Assert.Equal(0, await client.PublishAsync("old/b", "x", qos: 0));
        Assert.Equal(["old/a", "old/secret", "old/b"], asked);
    }
}
