namespace Emqx.Broker.Modules.Prometheus;

/// <summary>A label of a sample.</summary>
internal readonly record struct PrometheusLabel(string Name, string Value);

/// <summary>A number, with what tells it from the others of its family.</summary>
internal readonly record struct PrometheusSample(IReadOnlyList<PrometheusLabel> Labels, double Value)
{
    private static readonly PrometheusLabel[] s_none = [];

    /// <summary>The only number of its family.</summary>
    public static PrometheusSample Of(double value) => new(s_none, value);

    /// <summary>The same number, as one node's among others.</summary>
    public PrometheusSample At(string node) => this with { Labels = [new("node", node), .. Labels] };
}
