using System.Collections.Concurrent;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Schemas;

/// <summary>The forms, printed from the tables of the configuration when they are first asked for.</summary>
internal sealed class DashboardForms(SettingsCatalogue catalogue)
{
    private static readonly string[] s_bridgePaths =
    [
        "/bridges", "/bridges/:id", "/bridges/:id/:operation", "/bridges/:id/enable/:enable", "/bridges/:id/metrics", "/bridges/:id/metrics/reset",
        "/bridges_probe", "/nodes/:node/bridges/:id/:operation",
    ];

    private static readonly string[] s_actionPaths =
    [
        .. ((string[])["actions", "sources"]).SelectMany(static kind => (string[])
        [
            $"/{kind}", $"/{kind}/:id", $"/{kind}/:id/:operation", $"/{kind}/:id/enable/:enable", $"/{kind}/:id/metrics", $"/{kind}/:id/metrics/reset",
            $"/{kind}_probe", $"/{kind}_summary", $"/nodes/:node/{kind}/:id/:operation",
        ]),
        "/action_types", "/source_types",
    ];

    private static readonly string[] s_connectorPaths =
    [
        "/connectors", "/connectors/:id", "/connectors/:id/:operation", "/connectors/:id/enable/:enable", "/connectors_probe", "/nodes/:node/connectors/:id/:operation",
    ];

    private readonly ConcurrentDictionary<SchemaName, ConfigObject> _made = new();

    /// <summary>The form of that name.</summary>
    public ConfigObject Of(SchemaName name) => _made.GetOrAdd(name, static (name, catalogue) => name switch
    {
        SchemaName.Hotconf => Configuration(catalogue),
        SchemaName.Bridges => Untyped("Data Bridge Schema", s_bridgePaths),
        SchemaName.Actions => Untyped("Actions and Sources Schema", s_actionPaths),
        _ => Untyped("Connectors Schema", s_connectorPaths),
    }, catalogue);

    private static ConfigObject Configuration(SettingsCatalogue catalogue)
    {
        var form = new SchemaForm();
        var paths = new OrderedDictionary<string, ConfigValue> { ["/configs"] = ConfigObject.Empty };
        foreach (var root in catalogue.Roots)
        {
            if (root.Address is not null)
                paths[$"/configs/{root.Name}"] = ReadAndWritten(form.Of(root.Kind));
        }

        var zone = catalogue.Zone.Select(root => KeyValuePair.Create(root.Name, (ConfigValue)form.Of(root.Kind)));
        paths["/configs/global_zone"] = ReadAndWritten(Object(("type", "object"), ("properties", new ConfigObject(new OrderedDictionary<string, ConfigValue>(zone)))));
        paths["/configs_reset/:rootname"] = ConfigObject.Empty;
        return Whole("Hot Conf Schema", new(paths), form.Structs);
    }

    /// <summary>Operations of things that have no types here yet.</summary>
    private static ConfigObject Untyped(string title, IEnumerable<string> paths) => Whole(title,
        new(new OrderedDictionary<string, ConfigValue>(paths.Select(static path => KeyValuePair.Create(path, (ConfigValue)ConfigObject.Empty)))), ConfigObject.Empty);

    private static ConfigObject Whole(string title, ConfigObject paths, ConfigObject structs) => Object(
        ("paths", paths), ("info", Object(("version", "0.2.0"), ("title", title))), ("components", Object(("schemas", structs))));

    private static ConfigObject ReadAndWritten(ConfigObject form) => Object(("put", form), ("get", form));

    private static ConfigObject Object(params IEnumerable<(string Name, ConfigValue Value)> fields) =>
        new(new OrderedDictionary<string, ConfigValue>(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));
}
