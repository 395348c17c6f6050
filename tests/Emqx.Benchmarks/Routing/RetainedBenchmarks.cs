using BenchmarkDotNet.Attributes;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Benchmarks.Routing;

/// <summary>Finding in 100,000 retained messages.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RetainedBenchmarks
{
    private readonly RetainedStore _store = new(new SettingsRoot<RetainerSettings>(new RetainerSettings()), TimeProvider.System);
    private readonly List<Message> _found = [];
    private readonly Message[] _page = new Message[101];
    private readonly TopicFilter _exact = TopicFilter.Parse("site/7/device/4207/state");
    private readonly TopicFilter _site = TopicFilter.Parse("site/7/#");
    private readonly TopicFilter _across = TopicFilter.Parse("site/+/device/4207/state");
    private Message _message = null!;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < 100_000; i++)
            _store.Apply(Message.Create($"site/{i % 100}/device/{i}/state", new byte[64], "publisher", 0, retain: true));
        _message = Message.Create("site/7/device/4207/state", new byte[64], "publisher", 0, retain: true);
    }

    [Benchmark]
    public int MatchOneOf100000() => Match(_exact);

    [Benchmark]
    public int MatchOneByWildcard() => Match(_across);

    [Benchmark]
    public int Match1000ByWildcard() => Match(_site);

    [Benchmark]
    public void Replace() => _store.Apply(_message);

    [Benchmark]
    public int ListPage500() => _store.List(null, 50_000, _page);

    private int Match(TopicFilter filter)
    {
        _found.Clear();
        _store.Match(filter, _found);
        return _found.Count;
    }
}
