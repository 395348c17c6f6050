using System.Collections.Concurrent;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Schemas;

/// <summary>The forms, printed from the tables of the configuration when they are first asked for.</summary>
internal sealed class DashboardForms(SettingsCatalogue catalogue)
{
    private readonly ConcurrentDictionary<SchemaName, ConfigObject> _made = new();

    /// <summary>The form of that name.</summary>
    public ConfigObject Of(SchemaName name) => _made.GetOrAdd(name, static (name, catalogue) => name switch
    {
        SchemaName.Hotconf => Configuration(catalogue),
        SchemaName.Bridges => Whole("Data Bridge Schema", IntegrationForms.Bridges()),
        SchemaName.Actions => Whole("Actions and Sources Schema", IntegrationForms.Actions()),
        _ => Whole("Connectors Schema", IntegrationForms.Connectors()),
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

    private static ConfigObject Whole(string title, IntegrationForms forms) => Whole(title, forms.Paths, forms.Structs);

    private static ConfigObject Whole(string title, ConfigObject paths, ConfigObject structs) => Object(
        ("paths", paths), ("info", Object(("version", "0.2.0"), ("title", title))), ("components", Object(("schemas", structs))));

    private static ConfigObject ReadAndWritten(ConfigObject form) => Object(("put", form), ("get", form));

    private static ConfigObject Object(params IEnumerable<(string Name, ConfigValue Value)> fields) =>
        new(new OrderedDictionary<string, ConfigValue>(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));
}
