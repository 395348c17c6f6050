using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Monitoring;

public class MonitorTests
{
    private readonly ManualClock _time = Fakes.Clock();
    private readonly Counters _counters = new();
    private readonly FixedGauges _gauges = new();
    private readonly InMemoryMonitorSampleStore _store = new();

    private MonitorSampler Sampler() => new(new Stats { Sources = [_gauges] }, _counters, _store, Fakes.Node(_time), _time);

    private async Task RunAsync(MonitorSampler sampler, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await sampler.TickAsync(_time.Ms(), CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_sample_is_taken_every_full_ten_seconds_with_what_was_counted_since()
    {
        var sampler = Sampler();
        _counters.Add(Metric.MessagesReceived, 5);
        await RunAsync(sampler, 10);
        _counters.Add(Metric.MessagesReceived, 3);
        _gauges.Value = new NodeGauges { Sessions = 4, LiveConnections = 2, Subscriptions = 9, Topics = 8 };
        await RunAsync(sampler, 10);

        var points = await sampler.ListAsync(null, 300, CancellationToken.None);
        var samples = points!.Where(p => p.Sample is not null).ToArray();
        Assert.Equal([5, 3], samples.Select(p => p.Sample!.Received));
        Assert.All(samples, p => Assert.Equal(0, p.At % 10_000));
        Assert.Equal((4, 2, 9, 9, 8), (samples[1].Sample!.Connections, samples[1].Sample!.LiveConnections, samples[1].Sample!.Subscriptions,
            samples[1].Sample!.SubscriptionsRam, samples[1].Sample!.Topics));
    }

    [Fact]
    public async Task Gaps_are_filled_with_bare_times()
    {
        var now = _time.Ms();
        foreach (var ago in new[] { 200_000, 190_000, 20_000 })
            _store.Append(new StoredMonitorSample((now - ago) / 10_000 * 10_000) { Sent = 1 });
        var sampler = Sampler();
        await sampler.LoadAsync(CancellationToken.None);
        var points = await sampler.ListAsync("emqx@127.0.0.1", 300, CancellationToken.None);
        Assert.Equal(3, points!.Count(p => p.Sample is not null));
        for (var i = 1; i < points!.Count; i++)
            Assert.Equal(10_000, points[i].At - points[i - 1].At);
        Assert.Equal((now - 300_000) / 10_000 * 10_000, points[0].At);
    }

    [Fact]
    public async Task A_long_history_is_merged_into_coarser_points_that_lose_no_count()
    {
        var end = _time.Ms() / 600_000 * 600_000;
        for (var at = end - 7_200_000; at < end; at += 10_000)
            _store.Append(new StoredMonitorSample(at) { Received = 1, Connections = at });
        var sampler = Sampler();
        await sampler.LoadAsync(CancellationToken.None);

        var byMinute = await sampler.ListAsync(null, 86_400, CancellationToken.None);
        Assert.Equal(720, byMinute!.Sum(p => p.Sample?.Received ?? 0));
        Assert.All(byMinute!.Where(p => p.Sample is not null), p => Assert.Equal((6, p.At + 50_000), (p.Sample!.Received, p.Sample.Connections)));

        var all = await sampler.ListAsync(null, null, CancellationToken.None);
        Assert.Equal(12, all!.Count);
        Assert.All(all, p => Assert.Equal(0, p.At % 600_000));
    }

    [Fact]
    public async Task Old_samples_are_thinned_out_and_forgotten_after_seven_days()
    {
        var now = _time.Ms();
        for (var at = now - 8 * MonitorSeries.Day; at < now; at += 60_000)
            _store.Append(new StoredMonitorSample(at / 10_000 * 10_000) { Received = 1 });
        var sampler = Sampler();
        await sampler.LoadAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(1));
        await sampler.TickAsync(_time.Ms(), CancellationToken.None);

        var kept = await _store.LoadAsync(0, CancellationToken.None);
        Assert.InRange(kept.Count, 2000, 4000);
        Assert.True(kept[0].At >= now - 7 * MonitorSeries.Day);
        Assert.InRange(kept.Sum(s => s.Received), 7 * 1440 - 75, 7 * 1440);
        var again = Sampler();
        await again.LoadAsync(CancellationToken.None);
        var (now1, now2) = (await SumAsync(sampler), await SumAsync(again));
        Assert.InRange(now2, now1 - 10, now1); // The oldest point may have crossed the edge.

        static async Task<long> SumAsync(MonitorSampler one) => (await one.ListAsync(null, null, default))!.Sum(p => p.Sample?.Received ?? 0);
    }

    [Fact]
    public async Task Rates_are_whole_numbers_since_the_last_sample()
    {
        var sampler = Sampler();
        await RunAsync(sampler, 10);
        _counters.Add(Metric.MessagesSent, 11);
        _time.Advance(TimeSpan.FromSeconds(2));
        var rates = await sampler.CurrentAsync(null, CancellationToken.None);
        Assert.Equal((long)Math.Round(11_000d / (_time.Ms() % 10_000), MidpointRounding.AwayFromZero), rates!.Sent);
        Assert.Equal(12_000, rates.Uptime);
    }

    [Theory]
    [InlineData(100), InlineData(900)]
    public async Task Rates_are_of_the_time_since_the_counters_were_read_not_since_the_full_ten(int late)
    {
        var sampler = Sampler();
        _time.Advance(TimeSpan.FromMilliseconds(10_000 - _time.Ms() % 10_000 + late));
        await sampler.TickAsync(_time.Ms(), CancellationToken.None);
        for (var second = 1; second <= 9; second++)
        {
            _counters.Add(Metric.MessagesReceived, 50);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(50, (await sampler.CurrentAsync(null, CancellationToken.None))!.Received);
        }

        Assert.Equal(0, (await sampler.ListAsync(null, null, CancellationToken.None))![^1].At % 10_000);
    }

    [Fact]
    public async Task Before_the_first_sample_rates_are_zero_and_an_unknown_node_is_null()
    {
        _counters.Add(Metric.MessagesSent, 11);
        _gauges.Value = new NodeGauges { Retained = 5 };
        var rates = await Sampler().CurrentAsync(null, CancellationToken.None);
        Assert.Equal((0, 5), (rates!.Sent, rates.Gauges.Retained));
        Assert.Null(await Sampler().CurrentAsync("nosuch@x", CancellationToken.None));
        Assert.Null(await Sampler().ListAsync("nosuch@x", null, CancellationToken.None));
    }

    [Fact]
    public async Task Clearing_forgets_samples_in_memory_and_on_disk()
    {
        var sampler = Sampler();
        await RunAsync(sampler, 30);
        await sampler.ClearAsync(CancellationToken.None);
        Assert.Empty((await sampler.ListAsync(null, null, CancellationToken.None))!);
        Assert.Empty(await _store.LoadAsync(0, CancellationToken.None));
    }

    [Fact]
    public void Nodes_are_merged_by_time()
    {
        MonitorPoint[] one = [new(10, new StoredMonitorSample(10) { Received = 1, Topics = 5, Connections = 1 }), new(20, null)];
        MonitorPoint[] two = [new(10, new StoredMonitorSample(10) { Received = 2, Topics = 4, Connections = 2 }), new(30, new StoredMonitorSample(30))];
        var merged = MonitorSeries.Merge([one, two]);
        Assert.Equal([10L, 20, 30], merged.Select(p => p.At));
        Assert.Equal((3, 5, 3), (merged[0].Sample!.Received, merged[0].Sample!.Topics, merged[0].Sample!.Connections));
        Assert.Null(merged[1].Sample);
    }
}
