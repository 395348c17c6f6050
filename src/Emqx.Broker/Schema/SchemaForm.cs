using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>How kinds look to the Dashboard, which makes its forms from them: structs by EMQX's names, all else in place.</summary>
internal sealed class SchemaForm
{
    private readonly OrderedDictionary<string, ConfigValue> _structs = new(StringComparer.Ordinal);

    /// <summary>The structs that were met, by name.</summary>
    public ConfigObject Structs => new(_structs);

    /// <summary>The form of a kind.</summary>
    public ConfigObject Of(ValueKind kind) => kind.Shape switch
    {
        StructKind { Id: { } id } known => Reference(id, known),
        StructKind known => Struct(known),
        UnionKind union => OneOf(union.Members),
        VariantKind several => OneOf(several.Members),
        ChoiceKind choice => OneOf(choice.Members),
        ArrayKind list => Type("array", ("items", Of(list.Item))),
        MapKind { Item: StructKind item } map => Type("object", ("properties", new ConfigObject(new() { ["$" + map.KeyName] = Of(item) }))),
        EnumKind words => Symbols(words.Symbols.Select(static word => word switch { "true" => true, "false" => false, _ => (ConfigValue)word })),
        SymbolKind word => Symbols([word.Name]),
        IntegerKind { Minimum: 0, Maximum: 2 } => Symbols([0L, 1L, 2L]),
        IntegerKind integer => Integer(integer),
        DurationKind { InSeconds: true } => Type("duration", ("minimum", "1s")),
        _ => Type(TypeOf(kind)),
    };

    private static string TypeOf(ValueKind kind) => kind.Shape switch
    {
        BooleanKind => "boolean",
        NumberKind => "number",
        DurationKind => "duration",
        WordSizeKind => "wordSize",
        ByteSizeKind => "byteSize",
        PercentKind => "percent",
        BindKind => "ip_port",
        MapKind or OpenKind => "object",
        _ => "string",
    };

    private ConfigObject Reference(string id, StructKind kind)
    {
        if (!_structs.ContainsKey(id))
        {
            // Its place is taken first: a struct may hold itself.
            _structs[id] = ConfigObject.Empty;
            _structs[id] = Struct(kind);
        }

        return new(new() { ["$ref"] = $"#/components/schemas/{id}" });
    }

    private ConfigObject Struct(StructKind kind)
    {
        var properties = new OrderedDictionary<string, ConfigValue>();
        foreach (var field in kind.Fields)
        {
            if (!field.Hidden)
                properties[field.Name] = Of(field);
        }

        var form = Type("object", ("properties", new ConfigObject(properties)));
        ConfigValue[] required = [.. kind.Fields.Where(static field => field.Required).Select(static field => (ConfigValue)field.Name)];
        return required.Length == 0 ? form : form.With("required", new ConfigArray(required));
    }

    private ConfigObject Of(StructField field)
    {
        var form = Of(field.Form ?? field.Kind);
        if (field.Kind is StructKind)
            return form;
        if (field.Secret)
            form = form.With("format", "password");
        if (field.Deprecated)
            form = form.With("deprecated", true);
        if (field.Unit is { } unit)
            form = form.With("unit", unit);
        if (field.Text is { } text)
            form = form.With("description", text);
        return field.Default is { } value and not ConfigObject && !field.Secret ? form.With("default", value) : form;
    }

    private ConfigObject OneOf(IEnumerable<ValueKind> members) => new(new() { ["oneOf"] = new ConfigArray([.. members.Select(Of)]) });

    private static ConfigObject Integer(IntegerKind kind)
    {
        var form = Type("integer");
        if (kind.Minimum > int.MinValue)
            form = form.With("minimum", kind.Minimum);
        return kind.Maximum < int.MaxValue ? form.With("maximum", kind.Maximum) : form;
    }

    private static ConfigObject Symbols(IEnumerable<ConfigValue> symbols) => Type("enum", ("symbols", new ConfigArray([.. symbols])));

    private static ConfigObject Type(string type, params IEnumerable<(string Name, ConfigValue Value)> more)
    {
        var form = new OrderedDictionary<string, ConfigValue> { ["type"] = type };
        foreach (var (name, value) in more)
            form[name] = value;
        return new(form);
    }
}
