using BenchmarkDotNet.Attributes;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;

namespace Emqx.Benchmarks.Routing;

/// <summary>Matching in a router with 100,000 filters without and 100,000 with wildcards, and changing it.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RouterBenchmarks
{
    private const int Filters = 100_000;

    private readonly Router _router = new();
    private readonly SharedPickState _state = new();
    private readonly Message _message = Message.Create("jobs", new byte[64], "publisher", 0);
    private Route _route = null!;
    private SharedGroup _group = null!;
    private Subscription _change = null!;
    private Subscription _wildChange = null!;
    private Subscription _crowdChange = null!;

    [GlobalSetup]
    public void Setup()
    {
        var subscriber = new RoutingRows.Subscriber("client");
        for (var i = 0; i < Filters; i++)
        {
            _router.Add(RoutingRows.Subscription(subscriber, $"site/{i % 100}/device/{i}/state"));
            _router.Add(RoutingRows.Subscription(subscriber, $"site/{i % 100}/device/{i}/+"));
        }

        _router.Add(RoutingRows.Subscription(subscriber, "site/+/device/+/state"));
        for (var i = 0; i < 100_000; i++)
            _router.Add(RoutingRows.Subscription(new RoutingRows.Subscriber($"crowd-{i}"), "crowd"));
        for (var i = 0; i < 100; i++)
            _router.Add(RoutingRows.Subscription(new RoutingRows.Subscriber($"member-{i}"), "$share/g/jobs"));
        _route = _router.Match("site/7/device/4207/state");
        _group = _router.Match("jobs").Leaves[0].Groups[0]!;
        _change = RoutingRows.Subscription(subscriber, "another/topic");
        _wildChange = RoutingRows.Subscription(subscriber, "site/7/device/another/#");
        _crowdChange = RoutingRows.Subscription(subscriber, "crowd");
    }

    [Benchmark]
    public bool CachedRoute() => _route.IsCurrent;

    [Benchmark]
    public object MatchOneExactAndTwoWildcards() => _router.Match("site/7/device/4207/state");

    [Benchmark]
    public object MatchNothing() => _router.Match("nobody/listens/here");

    [Benchmark]
    public object? PickRoundRobin() => _group.Pick(_message, _state, SharedStrategy.RoundRobin, SharedStrategy.Random);

    [Benchmark]
    public object? PickRandom() => _group.Pick(_message, null, SharedStrategy.Random, SharedStrategy.Random);

    [Benchmark]
    public bool SubscribeAndUnsubscribe() => _router.Add(_change) & _router.Remove(_change);

    [Benchmark]
    public bool SubscribeAndUnsubscribeWildcard() => _router.Add(_wildChange) & _router.Remove(_wildChange);

    [Benchmark]
    public bool SubscribeAndUnsubscribeAmong100000() => _router.Add(_crowdChange) & _router.Remove(_crowdChange);

    [Benchmark]
    public int WalkOver100000Subscribers()
    {
        var count = 0;
        foreach (var row in _router.Match("crowd").Leaves[0].Subscribers)
            count += row is null ? 0 : 1;
        return count;
    }
}
