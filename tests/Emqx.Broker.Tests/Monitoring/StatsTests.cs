using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Xunit;

namespace Emqx.Broker.Tests.Monitoring;

public class StatsTests
{
    private readonly FixedGauges _gauges = new();

    [Fact]
    public async Task Maxima_are_high_water_marks_also_between_reads()
    {
        var stats = new Stats { Sources = [_gauges] };
        _gauges.Value = new NodeGauges { Sessions = 7, Topics = 3 };
        await stats.TickAsync(0, CancellationToken.None);
        _gauges.Value = new NodeGauges { Sessions = 2, Topics = 5 };
        var read = stats.Read();
        var sessions = Array.FindIndex(Stat.All, stat => stat.Name == "sessions");
        var topics = Array.FindIndex(Stat.All, stat => stat.Name == "topics");
        Assert.Equal((2, 7), (read.Counts[sessions], read.Maxima[sessions]));
        Assert.Equal((5, 5), (read.Counts[topics], read.Maxima[topics]));
    }

    [Fact]
    public void Nodes_add_up()
    {
        _gauges.Value = new NodeGauges { Retained = 4 };
        var one = new NodeTagged<StatsSnapshot>("a", new Stats { Sources = [_gauges] }.Read());
        var sum = StatsSnapshot.Sum([one, one with { Node = "b" }]);
        Assert.Equal(8, sum.Counts[Array.FindIndex(Stat.All, stat => stat.Name == "retained")]);
    }

    [Fact]
    public void The_machine_is_looked_at_once_a_second_at_most()
    {
        var folder = Directory.CreateTempSubdirectory("proc").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "self"));
        Directory.CreateDirectory(Path.Combine(folder, "sys/kernel"));
        File.WriteAllText(Path.Combine(folder, "loadavg"), "0.60 0.94 1.85 1/200 4711\n");
        File.WriteAllText(Path.Combine(folder, "meminfo"), "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   23000000 kB\n");
        File.WriteAllText(Path.Combine(folder, "self/limits"),
            "Limit                     Soft Limit           Hard Limit           Units\nMax processes             unlimited            unlimited            processes\n"
            + "Max open files            20000                1048576              files\n");
        File.WriteAllText(Path.Combine(folder, "self/stat"), "42 (a (b) c) S 1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 31 0 100 1 1");
        File.WriteAllText(Path.Combine(folder, "sys/kernel/threads-max"), "192000\n");
        var time = Fakes.Clock();
        var host = new HostFacts(new HostPaths(folder), time);

        Assert.Equal(new HostReading(0.60, 0.94, 1.85, 24_000_000L * 1024, 1_000_000L * 1024, 20000, 192_000, 31), host.Read());
        File.WriteAllText(Path.Combine(folder, "loadavg"), "9.00 0.94 1.85 1/200 4711\n");
        Assert.Equal(0.60, host.Read().Load1);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(9, host.Read().Load1);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Without_proc_everything_is_zero()
    {
        var host = new HostFacts(new HostPaths("/nonexistent"), Fakes.Clock());
        Assert.Equal(new HostReading(0, 0, 0, 0, 0, 0, 0, 0), host.Read());
        Assert.Equal((0, 0), host.ReadProcessorTimes());
    }
}
