using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>The retainer and delayed publish as they hang on the hooks of a running broker.</summary>
public sealed class ModuleTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_clearing_message_that_is_not_delivered_counts_as_without_subscribers()
    {
        _broker.Get<SettingsRoot<RetainerSettings>>().Replace(new RetainerSettings { StopPublishClearMsg = true });
        await using var watcher = await _broker.ConnectAsync();
        await watcher.SubscribeAsync("kept");
        await using var client = await _broker.ConnectAsync();
        Assert.Equal(0, await client.PublishAsync("kept", "x", qos: 1, retain: true));
        Assert.Equal("x", (await watcher.ExpectMessageAsync()).PayloadText);
        Assert.Equal(0x10, await client.PublishAsync("kept", "", qos: 1, retain: true));
        await watcher.ExpectNothingAsync();
        await watcher.SubscribeAsync("kept");
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_is_kept_is_the_message_as_the_hooks_have_left_it()
    {
        _broker.Get<BrokerHooks>().MessagePublish.Add(static attempt =>
        {
            attempt.Message = attempt.Message.WithTopic("rewritten");
            return HookResult.Continue;
        });
        await using var client = await _broker.ConnectAsync();
        await client.PublishAsync("original", "x", qos: 1, retain: true);
        await client.SubscribeAsync("#");
        Assert.Equal("rewritten", (await client.ExpectMessageAsync()).Topic);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Messages_of_a_banned_client_stay_where_they_are()
    {
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "bad" });
        await client.PublishAsync("kept/1", "x", qos: 1, retain: true);
        await using var reader = await _broker.ConnectAsync();
        await reader.PublishAsync("kept/2", "x", qos: 1, retain: true);
        Assert.True(BanTarget.TryParse(BanAs.Clientid, "bad", out var target, out _));
        await _broker.Get<IBanControl>().CreateAsync(new Ban(target, "", "", 0, null), TestContext.Current.CancellationToken);
        await reader.SubscribeAsync("kept/1");
        await reader.ExpectNothingAsync();
        await reader.SubscribeAsync("kept/+");
        Assert.Equal("kept/2", (await reader.ExpectMessageAsync()).Topic);
        await reader.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_delayed_message_is_authorized_for_its_real_topic()
    {
        List<string> asked = [];
        _broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            asked.Add(request.Topic);
            request.Verdict = request.Topic != "secret";
            return HookResult.Continue;
        });
        await using var client = await _broker.ConnectAsync();
        Assert.Equal(0x87, await client.PublishAsync("$delayed/5/secret", "x", qos: 1));
        Assert.Equal(0x10, await client.PublishAsync("$delayed/5/open", "x", qos: 1));
        Assert.Equal(["secret", "open"], asked);
    }
}
