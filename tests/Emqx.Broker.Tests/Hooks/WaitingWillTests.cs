using Emqx.Broker.Hooks;
using Emqx.Broker.Sessions;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;
using AuthorizeRequest = Emqx.Broker.Protocol.AuthorizeRequest;
using ReasonCode = Emqx.Broker.Tests.Mqtt.ReasonCode;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>A will whose verdict takes time: neither the end of a session nor the clock waits for it.</summary>
public sealed class WaitingWillTests : IAsyncLifetime
{
    private readonly string _topic = Unique.Topic(), _id = Unique.Name("ww");
    private readonly ManualClock _clock = new();
    private TestBroker _broker = null!;
    private RawMqttClient _watcher = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(time: _clock);
        _watcher = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await _watcher.SubscribeAsync(_topic, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private WaitingLink<AuthorizeRequest> Authorizing() => new(_broker.Get<BrokerHooks>().ClientAuthorize, request => request.IsPublish && request.Topic == _topic);

    private WaitingLink<PublishAttempt> Publishing() => new(_broker.Get<BrokerHooks>().MessagePublish, attempt => attempt.Message.Topic == _topic);

    private ConnectOptions WithWill(uint delay = 0) => new()
    {
        ClientId = _id, KeepAlive = 0, Clean = delay == 0,
        Properties = delay == 0 ? [] : new PropertyList { { Property.SessionExpiryInterval, 1000 } },
        Will = new Will(_topic, "will"u8.ToArray()) { Properties = delay == 0 ? [] : new PropertyList { { Property.WillDelayInterval, delay } } },
    };

    [Fact]
    public async Task The_session_ends_before_its_will_is_judged()
    {
        using var authorizing = Authorizing();
        using var publishing = Publishing();
        var gone = _broker.GoneAsync(_id);
        await using var client = await _broker.ConnectAsync(WithWill());
        await client.DropAsync();
        var authorize = await authorizing.AskedAsync();
        await gone;
        Assert.Null(_broker.Get<SessionTable>().Find(_id));
        await using var next = await _broker.ConnectAsync(new ConnectOptions { ClientId = _id, KeepAlive = 0 });
        await _watcher.ExpectNothingAsync();
        authorize.Answer(static request => request.Verdict = true);
        (await publishing.AskedAsync()).Answer();
        Assert.Equal("will", (await _watcher.ExpectMessageAsync()).PayloadText);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_will_that_is_denied_or_not_judged_in_time_is_dropped(bool isJudged)
    {
        using var authorizing = Authorizing();
        await using var client = await _broker.ConnectAsync(WithWill());
        await client.DropAsync();
        var authorize = await authorizing.AskedAsync();
        if (isJudged)
            authorize.Answer(static request => request.Verdict = false);
        else
            _clock.Advance(HookChain<AuthorizeRequest>.LongTimeout);
        await _watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_delayed_will_that_waits_does_not_stop_the_clock()
    {
        using var authorizing = Authorizing();
        var gone = _broker.GoneAsync(_id);
        await using (var client = await _broker.ConnectAsync(WithWill(delay: 5)))
            await client.DisconnectAsync(0x04);
        await gone;
        _clock.Advance(TimeSpan.FromSeconds(6));
        var authorize = await authorizing.AskedAsync();
        await using var silent = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 2 });
        await _clock.AdvanceUntilAsync(() => silent.HasArrived, TimeSpan.FromSeconds(5), "the silent one's end");
        await silent.ExpectRefusedAsync(ReasonCode.KeepAliveTimeout);
        await using var back = await _broker.ConnectAsync(WithWill(delay: 5));
        authorize.Answer();
        Assert.Equal("will", (await _watcher.ExpectMessageAsync()).PayloadText);
        await back.DisconnectAsync();
    }
}
