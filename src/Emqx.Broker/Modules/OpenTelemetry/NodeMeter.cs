using System.Diagnostics.Metrics;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Monitoring;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The node's counters and gauges as instruments, under the names that EMQX's have. They show what was read last.</summary>
internal sealed class NodeMeter : IDisposable
{
    private const string Name = "emqx";

    /// <summary>As in EMQX while overload protection is off.</summary>
    private const string LeftOut = "overload_protection.";

    /// <summary>Names that are not the counter's.</summary>
    private static readonly Dictionary<string, string> s_odd = new()
    {
        ["packets.connect.received"] = "packets.connect",
        ["messages.dropped.await_pubrel_timeout"] = "messages.dropped.expired",
    };

    private PrometheusSnapshot _latest;

    public NodeMeter(PrometheusSnapshot latest)
    {
        _latest = latest;
        for (var i = 0; i < Stat.All.Length; i++)
        {
            var (name, at) = (Stat.All[i].Name, i);
            Gauge(name + ".count", node => node.Stats.Counts[at]);
            Gauge(name + ".max", node => node.Stats.Maxima[at]);
        }

        Gauge("cpu.use", static node => node.Machine.CpuUse);
        Gauge("cpu.idle", static node => Math.Round(100 - node.Machine.CpuUse, 2));
        Gauge("run.queue", static node => node.Machine.RunQueue);
        Gauge("total.memory", static node => node.Machine.MemoryTotal);
        Gauge("used.memory", static node => node.Machine.MemoryUsed);
        Gauge("node.running", static node => node.Cluster.Running);
        Gauge("node.stopped", static node => node.Cluster.Stopped);
        for (var i = 0; i < Metric.Names.Length; i++)
        {
            if (!Metric.Names[i].StartsWith(LeftOut, StringComparison.Ordinal))
                Counter(Metric.Names[i], i);
        }
    }

    /// <summary>What holds the instruments.</summary>
    public Meter Instruments { get; } = new(Name, NodeIdentity.Version);

    /// <summary>Has the instruments show that from now on.</summary>
    public void Show(PrometheusSnapshot latest) => Volatile.Write(ref _latest, latest);

    public void Dispose() => Instruments.Dispose();

    private void Gauge(string name, Func<PrometheusSnapshot, double> read) =>
        Instruments.CreateObservableGauge(name, () => read(Volatile.Read(ref _latest)), "1", $"EMQX's gauge {name}");

    private void Counter(string metric, int at)
    {
        var name = s_odd.GetValueOrDefault(metric) ?? metric;
        var unit = name.StartsWith("bytes.", StringComparison.Ordinal) ? "By" : "1";
        Instruments.CreateObservableCounter(name, () => Volatile.Read(ref _latest).Counters.Values[at], unit, $"EMQX's counter {name}");
    }
}
