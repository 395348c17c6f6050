namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Metrics of one name.</summary>
/// <param name="Help">EMQX's own name of it, or what it counts.</param>
/// <param name="Read">Its samples on one node.</param>
internal sealed record PrometheusFamily(string Name, PrometheusType Type, PrometheusScope Scope, string Help, Func<PrometheusSnapshot, IReadOnlyList<PrometheusSample>> Read)
{
    /// <summary>A number that goes up and down, one a node.</summary>
    public static PrometheusFamily Gauge(string name, PrometheusScope scope, string help, Func<PrometheusSnapshot, double> read) =>
        new(name, PrometheusType.Gauge, scope, help, snapshot => [PrometheusSample.Of(read(snapshot))]);

    /// <summary>A number that only goes up, one a node.</summary>
    public static PrometheusFamily Counter(string name, string help, Func<PrometheusSnapshot, double> read) =>
        new(name, PrometheusType.Counter, PrometheusScope.Summed, help, snapshot => [PrometheusSample.Of(read(snapshot))]);

    /// <summary>Metrics of things that are not there yet.</summary>
    public static PrometheusFamily None(string name, PrometheusType type, string help) => new(name, type, PrometheusScope.Summed, help, static _ => []);
}

/// <summary>What a family's numbers are to Prometheus.</summary>
internal enum PrometheusType
{
    Gauge,
    Counter,
}

/// <summary>What becomes of a family's numbers where there are several nodes.</summary>
internal enum PrometheusScope
{
    /// <summary>They are added up, or shown by node.</summary>
    Summed,

    /// <summary>They are shown by node: a machine's numbers mean nothing together.</summary>
    Machine,

    /// <summary>They are the same on all nodes, and shown once.</summary>
    Cluster,
}
