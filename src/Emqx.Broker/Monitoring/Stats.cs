using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;

namespace Emqx.Broker.Monitoring;

/// <summary>The node's statistics: present table sizes and the largest ever seen since the start.</summary>
internal sealed class Stats : INodeModule
{
    private readonly long[] _maxima = new long[Stat.All.Length];
    private readonly Lock _gate = new();

    /// <summary>Who knows the table sizes: the node's modules, which are made after what they need of this.</summary>
    public IReadOnlyList<INodeModule> Sources { get; set; } = [];

    /// <summary>The table sizes alone.</summary>
    public NodeGauges ReadGauges()
    {
        var gauges = new NodeGauges();
        foreach (var source in Sources)
            source.ReadGauges(ref gauges);
        return gauges;
    }

    /// <summary>Counts as they are now and their maxima.</summary>
    public StatsSnapshot Read()
    {
        var gauges = ReadGauges();
        var counts = Array.ConvertAll(Stat.All, stat => stat.Read(gauges));
        lock (_gate)
        {
            for (var i = 0; i < counts.Length; i++)
                _maxima[i] = Math.Max(_maxima[i], counts[i]);
            return new StatsSnapshot(counts, [.. _maxima]);
        }
    }

    /// <summary>Keeps the maxima right while nobody asks.</summary>
    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        Read();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        lock (_gate)
            _maxima.AsSpan().Clear();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Statistics of a node, or summed over nodes; both arrays are indexed as <see cref="Stat.All"/>.</summary>
internal sealed record StatsSnapshot(long[] Counts, long[] Maxima)
{
    /// <summary>What a cluster answers for all its nodes.</summary>
    public static StatsSnapshot Sum(IReadOnlyList<NodeTagged<StatsSnapshot>> nodes)
    {
        var sum = new StatsSnapshot(new long[Stat.All.Length], new long[Stat.All.Length]);
        foreach (var (_, one) in nodes)
        {
            for (var i = 0; i < one.Counts.Length; i++)
            {
                sum.Counts[i] += one.Counts[i];
                sum.Maxima[i] += one.Maxima[i];
            }
        }

        return sum;
    }
}
