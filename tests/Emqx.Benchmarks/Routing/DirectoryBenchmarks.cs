using BenchmarkDotNet.Attributes;
using Emqx.Broker.Clients;
using Emqx.Broker.Cluster;
using Emqx.Broker.Routing;

namespace Emqx.Benchmarks.Routing;

/// <summary>Pages of 10,000 and searches in 1,000,000 subscriptions.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class DirectoryBenchmarks
{
    private readonly Router _router = new();
    private LocalSubscriptionDirectory _subscriptions = null!;
    private LocalTopicDirectory _topics = null!;

    [Params(10_000, 1_000_000)]
    public int Subscriptions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var node = new NodeIdentity("emqx@127.0.0.1", 0, ":memory:");
        _subscriptions = new LocalSubscriptionDirectory(_router, null!, node);
        _topics = new LocalTopicDirectory(_router, node);
        var ids = Enumerable.Range(0, Subscriptions).ToArray();
        new Random(1).Shuffle(ids);
        var subscriber = new RoutingRows.Subscriber("client");
        foreach (var id in ids)
            _router.Add(RoutingRows.Subscription(subscriber, $"bench/{id:0000000}"));
    }

    [Benchmark]
    public Task<int> MiddlePage() => List(new SubscriptionFilter(), Subscriptions / 200);

    [Benchmark]
    public Task<int> ExactTopic() => List(new SubscriptionFilter { Topic = "bench/0004711" }, 1);

    [Benchmark]
    public Task<int> MatchTopic() => List(new SubscriptionFilter { MatchTopic = "bench/+" }, 1);

    [Benchmark]
    public Task<int> MatchTopicThatSelectsNothing() => List(new SubscriptionFilter { MatchTopic = "bench/+/x" }, 1);

    [Benchmark]
    public Task<int> CountQos() => List(new SubscriptionFilter { Qos = 1 }, 1);

    [Benchmark]
    public async Task<int> TopicsMiddlePage()
    {
        using var page = await _topics.ListAsync(null, null, Subscriptions / 200, 100, default);
        return page.Count;
    }

    private async Task<int> List(SubscriptionFilter filter, int page)
    {
        using var found = await _subscriptions.ListAsync(filter, page, 100, default);
        return found.Count;
    }
}
