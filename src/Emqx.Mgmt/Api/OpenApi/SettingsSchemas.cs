using System.Globalization;
using System.Text.Json.Nodes;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.OpenApi;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>How the tables of the configuration's roots look in OpenAPI.</summary>
internal static class SettingsSchemas
{
    /// <summary>The fields of a table that are shown, with their defaults and texts.</summary>
    public static Dictionary<string, IOpenApiSchema> FieldsOf(StructKind table)
    {
        var fields = new Dictionary<string, IOpenApiSchema>();
        foreach (var field in table.Fields)
        {
            if (!field.Hidden)
                fields[field.Name] = Of(field);
        }

        return fields;
    }

    private static OpenApiSchema Of(SettingsField field)
    {
        var schema = Of(field.Kind);
        schema.Description = field.Text;
        if (field.Secret)
            schema.Format = "password";
        else if (field.Default is not null and not ConfigObject)
            schema.Default = JsonNode.Parse(field.Default.ToString());
        return schema;
    }

    private static OpenApiSchema Of(SettingsKind kind) => kind switch
    {
        StructKind table => Struct(table),
        BooleanKind => new() { Type = JsonSchemaType.Boolean },
        IntegerKind integer => Integer(integer),
        NumberKind number => new() { Type = JsonSchemaType.Number, Minimum = Text(number.Minimum), Maximum = Text(number.Maximum) },
        TextKind => new() { Type = JsonSchemaType.String },
        EnumKind words => Words(words.Symbols),
        SymbolKind word => Words([word.Name]),
        DurationKind => AnyOf(TextOf("^([0-9.]+(ms|s|m|h|d|w|f|MS|S|M|H|D|W|F))+$"), Count()),
        ByteSizeKind => AnyOf(TextOf("^[0-9]+(b|kb|mb|gb|B|KB|MB|GB)?$"), Count()),
        PercentKind => AnyOf(TextOf("^[0-9.]+%?$"), new() { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }),
        RateKind => new() { Type = JsonSchemaType.String, Pattern = "^(infinity|[0-9]+[a-zA-Z]*(/[0-9.]*[a-zA-Z]+)?)$" },
        BindKind => AnyOf(new() { Type = JsonSchemaType.String }, new() { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "65535" }),
        ArrayKind list => new() { Type = JsonSchemaType.Array, Items = Of(list.Item) },
        MapKind map => MapOf(Of(map.Item)),
        LogFileKind files => MapOf(Of(files.Handler)),
        ChoiceKind choice => AnyOf([.. choice.Members.Select(member => Of(member))]),
        _ => new(),
    };

    private static OpenApiSchema Struct(StructKind table) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = FieldsOf(table),
        Required = table.Fields.Where(field => field.Required).Select(field => field.Name).ToHashSet(),
        AdditionalPropertiesAllowed = false,
    };

    private static OpenApiSchema Integer(IntegerKind kind)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Integer };
        if (kind.Minimum > long.MinValue)
            schema.Minimum = Text(kind.Minimum);
        if (kind.Maximum < long.MaxValue)
            schema.Maximum = Text(kind.Maximum);
        return schema;
    }

    private static OpenApiSchema MapOf(OpenApiSchema item) => new() { Type = JsonSchemaType.Object, AdditionalProperties = item };

    private static OpenApiSchema Words(IReadOnlyList<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)word)],
    };

    private static OpenApiSchema TextOf(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    private static OpenApiSchema Count() => new() { Type = JsonSchemaType.Integer, Minimum = "0" };

    /// <summary>Choices in choices are choices of one.</summary>
    private static OpenApiSchema AnyOf(params OpenApiSchema[] members) =>
        new() { AnyOf = [.. members.SelectMany(member => member.AnyOf ?? [member])] };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
