namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Families that stand together in JSON.</summary>
internal sealed record PrometheusGroup(string Name, PrometheusForm Form, IReadOnlyList<PrometheusFamily> Families);

/// <summary>How a group looks in JSON.</summary>
internal enum PrometheusForm
{
    /// <summary>An object; a list of them where nodes are told apart.</summary>
    Object,

    /// <summary>An object of this node; a list of them where there are all.</summary>
    Machine,

    /// <summary>A list: one object for each set of labels.</summary>
    List,

    /// <summary>It is in the text alone.</summary>
    TextOnly,

    /// <summary>An object, whatever is asked for.</summary>
    Single,
}
