using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Retainer;

/// <summary>How fast retained messages are given out.</summary>
public sealed class RetainerRateTests
{
    private readonly ManualClock _time = new();

    private Task<TestBroker> StartAsync(RetainerSettings settings) =>
        TestBroker.StartAsync(time: _time, configure: services => services.AddSingleton(new SettingsRoot<RetainerSettings>(settings)));

    [Fact]
    public void A_bucket_has_a_seconds_worth_at_once_and_then_what_time_brings()
    {
        var bucket = new TokenBucket(_time);
        Assert.Equal(10, Taken(bucket, 10));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Taken(bucket, 10));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(10, Taken(bucket, 10));
        bucket.PutBack();
        Assert.Equal(1, Taken(bucket, 10));
        Assert.Equal(20, Taken(bucket, 20));
        Assert.Equal(100, Taken(bucket, -1));
        Assert.Equal(1, Taken(bucket, 0.1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Taken(bucket, 0.1));
    }

    [Fact]
    public async Task A_subscription_gets_a_seconds_worth_at_once_and_the_rest_at_delivery_rate()
    {
        await using var broker = await StartAsync(new RetainerSettings { DeliveryRate = 10 });
        var store = broker.Get<RetainedStore>();
        for (var i = 0; i < 25; i++)
            store.Apply(Message.Create($"t/{i}", "x"u8.ToArray(), "p", _time.GetUtcNow().ToUnixTimeMilliseconds(), retain: true));
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync("t/+");
        for (var i = 0; i < 10; i++)
            await client.ExpectMessageAsync();
        await client.ExpectNothingAsync();
        var began = _time.GetUtcNow();
        for (var i = 0; i < 15; i++)
        {
            await _time.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromSeconds(20), "the next one");
            await client.ExpectMessageAsync();
        }

        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(1.4), TimeSpan.FromMinutes(5));
        await client.ExpectNothingAsync();
    }

    private static int Taken(TokenBucket bucket, double rate)
    {
        var taken = 0;
        while (taken < 100 && bucket.TryTake(rate))
            taken++;
        return taken;
    }
}
