using BenchmarkDotNet.Attributes;
using Emqx.Broker.Collections;

namespace Emqx.Benchmarks.Routing;

/// <summary>A sorted table of 1,000,000 rows whose keys came in no order.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class SortedChunksBenchmarks
{
    private const int Rows = 1_000_000;

    private readonly SortedChunks<string, string, Order> _rows = new();
    private readonly string[] _page = new string[101];
    private readonly string _new = "client-0500000x";

    private readonly struct Order : IRowOrder<string, string>
    {
        public static string KeyOf(string row) => row;

        public static int Compare(in string key, string row) => Utf8Order.Compare(row, key);
    }

    [GlobalSetup]
    public void Setup()
    {
        var ids = Enumerable.Range(0, Rows).ToArray();
        new Random(1).Shuffle(ids);
        foreach (var id in ids)
            _rows.Add($"client-{id:0000000}", out _);
    }

    [Benchmark]
    public int FirstPage() => _rows.Read(0, _page);

    [Benchmark]
    public int LastPage() => _rows.Read(Rows - 100, _page);

    [Benchmark]
    public bool Find() => _rows.TryFind("client-0765432", out _);

    [Benchmark]
    public int CursorStep() => _rows.ReadFrom("client-0765432", inclusive: false, _page);

    [Benchmark]
    public bool AddAndRemove() => _rows.Add(_new, out _) & _rows.Remove(_new);

    [Benchmark]
    public int FuzzyScanOfAll()
    {
        var found = 0;
        using var walk = _rows.Scan();
        while (walk.TryNext(out var rows))
            foreach (var row in rows)
                found += row.Contains("76543x", StringComparison.Ordinal) ? 1 : 0;
        return found;
    }
}
