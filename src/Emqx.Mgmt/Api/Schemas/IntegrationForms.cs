using Emqx.Broker.Integration.Actions;
using Emqx.Broker.Integration.Connectors;
using Emqx.Broker.Integration.Sources;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Mgmt.Api.Schemas;

/// <summary>The forms of connectors, actions, sources and bridges: what all of them answer, and a form for each type that the catalogues have.</summary>
internal sealed class IntegrationForms
{
    private static readonly string[] s_counts =
    [
        "dropped", "dropped.other", "dropped.queue_full", "dropped.resource_not_found", "dropped.resource_stopped", "matched", "queuing", "retried", "failed", "inflight", "success",
    ];

    private static readonly string[] s_rates = ["rate", "rate_max", "rate_last5m", "received"];

    private static readonly StructKind s_metrics = Struct("bridge.metrics", [.. s_counts.Select(static name => Optional(name, Integer)), .. s_rates.Select(static name => Optional(name, Number))]);
    private static readonly StructKind s_nodeMetrics = Struct("bridge.node_metrics", Optional("node", Text), Optional("metrics", s_metrics));
    private static readonly StructKind s_metricsAnswer = Struct(Optional("metrics", s_metrics), Optional("node_metrics", ArrayOf(s_nodeMetrics)));

    private static readonly StructKind s_nodeStatus = Struct("actions_and_sources.response_node_status", Optional("node", Text), Optional("status", Text), Optional("status_reason", Text));

    private static readonly StructKind s_summary = Struct("actions_and_sources.response_summary", Optional("enable", Flag), Optional("name", Text), Optional("type", Text), Optional("description", Text),
        Optional("created_at", Integer), Optional("last_modified_at", Integer), Optional("node_status", ArrayOf(s_nodeStatus)), Optional("rules", ArrayOf(Text)), Optional("status", Text),
        Optional("status_reason", Text));

    private readonly SchemaForm _form = new();
    private readonly OrderedDictionary<string, ConfigValue> _paths = new(StringComparer.Ordinal);

    /// <summary>The structs that the paths refer to.</summary>
    public ConfigObject Structs => _form.Structs;

    public ConfigObject Paths => new(_paths);

    public static IntegrationForms Connectors()
    {
        var forms = new IntegrationForms();
        forms.AddThings("connectors", ConnectorCatalogue.All.Entries.Select(static type => type.Kind));
        return forms;
    }

    public static IntegrationForms Actions()
    {
        var forms = new IntegrationForms();
        forms.AddRuled("actions", "action_types", [.. ActionCatalogue.All.Entries.Select(static type => (type.Type, type.Parameters))]);
        forms.AddRuled("sources", "source_types", [.. SourceCatalogue.All.Entries.Select(static type => (type.Type, type.Parameters))]);
        return forms;
    }

    /// <summary>Bridges are what connectors and actions were before they were two.</summary>
    public static IntegrationForms Bridges()
    {
        var forms = new IntegrationForms();
        forms.AddThings("bridges", []);
        forms.AddMetrics("bridges");
        return forms;
    }

    /// <summary>Things that rules send to or read from.</summary>
    private void AddRuled(string things, string typesPath, IReadOnlyList<(string Type, StructKind Parameters)> types)
    {
        AddThings(things, types.Select(static type => type.Parameters));
        AddMetrics(things);
        _paths[$"/{things}_summary"] = Answered(_form.Of(ArrayOf(s_summary)));
        var names = new ConfigArray([.. types.Select(static type => (ConfigValue)type.Type)]);
        _paths[$"/{typesPath}"] = Answered(Object(("type", "array"), ("items", Object(("type", "string"), ("enum", names)))));
    }

    private void AddThings(string things, IEnumerable<StructKind> kinds)
    {
        var one = Object(("oneOf", new ConfigArray([.. kinds.Select(kind => _form.Of(kind))])));
        _paths[$"/{things}"] = Answered(Object(("type", "array"), ("items", one)));
        _paths[$"/{things}/:id"] = Object(("put", one), ("get", one));
        foreach (var path in (string[])[$"/{things}/:id/:operation", $"/{things}/:id/enable/:enable", $"/{things}_probe", $"/nodes/:node/{things}/:id/:operation"])
            _paths[path] = ConfigObject.Empty;
    }

    private void AddMetrics(string things)
    {
        _paths[$"/{things}/:id/metrics"] = Answered(_form.Of(s_metricsAnswer));
        _paths[$"/{things}/:id/metrics/reset"] = ConfigObject.Empty;
    }

    private static ConfigObject Answered(ConfigObject form) => Object(("get", form));

    private static ConfigObject Object(params IEnumerable<(string Name, ConfigValue Value)> fields) =>
        new(new OrderedDictionary<string, ConfigValue>(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));
}
