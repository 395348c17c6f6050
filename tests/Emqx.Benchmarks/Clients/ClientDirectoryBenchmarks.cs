using BenchmarkDotNet.Attributes;
using Emqx.Broker.Clients;
using Emqx.TestKit.Clients;

namespace Emqx.Benchmarks.Clients;

/// <summary>A directory of a million clients: pages, filters, cursor steps and searches.</summary>
[MemoryDiagnoser]
public class ClientDirectoryBenchmarks
{
    private const int Clients = 1_000_000;
    private readonly ClientTable _table = new();
    private ClientQuery _query = null!;
    private FakeClient _guest = null!;

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        _query = new ClientQuery(_table, "emqx@127.0.0.1");
        for (var i = 0; i < Clients; i++)
            _table.Add(new FakeClient($"client-{random.Next():x8}-{i}", "user" + i % 10_000, $"10.0.{i % 4}.1"));
        _guest = new FakeClient("client-7fffffff-guest", "user7", "10.0.0.1");
    }

    [Benchmark]
    public int FirstPage() => Run(ClientFilter.All, 0);

    [Benchmark]
    public int PageInTheMiddle() => Run(ClientFilter.All, 500_000);

    [Benchmark]
    public int LastPage() => Run(ClientFilter.All, 999_900);

    [Benchmark]
    public int CursorStep() => Run(ClientFilter.All, 0, "client-40000000");

    [Benchmark]
    public int ByClientId() => Run(new ClientFilter { ClientIds = ["client-40000000-5", "x", "y"] }, 0);

    [Benchmark]
    public int ByUsername() => Run(new ClientFilter { Usernames = ["user777"] }, 0);

    [Benchmark]
    public int ByTwoUsernames() => Run(new ClientFilter { Usernames = ["user777", "user888"] }, 0);

    [Benchmark]
    public int ByAddressPageInTheMiddle() => Run(new ClientFilter { Address = System.Net.IPAddress.Parse("10.0.1.1") }, 100_000);

    [Benchmark]
    public int FuzzyFirstHundred() => Run(new ClientFilter { LikeClientId = "77" }, 0);

    [Benchmark]
    public int FuzzyWithoutAHit() => Run(new ClientFilter { LikeClientId = "nobody" }, 0);

    [Benchmark]
    public int FuzzyUsernameWithoutAHit() => Run(new ClientFilter { LikeUsername = "nobody" }, 0);

    [Benchmark]
    public int RangeCountsAll() => Run(new ClientFilter { ConnectedTo = 5 }, 0);

    [Benchmark]
    public void ComeAndGo()
    {
        _table.Add(_guest);
        _table.Remove(_guest);
    }

    private int Run(ClientFilter filter, long skip, string? after = null)
    {
        using var page = _query.Run(filter, after, skip, 100, !filter.IsFuzzy);
        return page.Count;
    }
}
