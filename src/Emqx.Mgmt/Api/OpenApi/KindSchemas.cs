using System.Globalization;
using System.Text.Json.Nodes;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Microsoft.OpenApi;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>How kinds look in OpenAPI.</summary>
internal static class KindSchemas
{
    private const string BytesPattern = "^[0-9]+(b|kb|mb|gb|B|KB|MB|GB)?$";

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

    private static OpenApiSchema Of(StructField field)
    {
        var schema = Of(field.Kind);
        schema.Description = field.Text;
        if (field.Secret)
            schema.Format = "password";
        else if (field.Default is not null and not ConfigObject)
            schema.Default = JsonNode.Parse(field.Default.ToString());
        return schema;
    }

    /// <summary>The schema of a kind.</summary>
    public static OpenApiSchema Of(ValueKind kind) => kind.Shape switch
    {
        StructKind table => Struct(table),
        BooleanKind => new() { Type = JsonSchemaType.Boolean },
        IntegerKind integer => Integer(integer),
        NumberKind number => new() { Type = JsonSchemaType.Number, Minimum = Text(number.Minimum), Maximum = Text(number.Maximum) },
        TextKind text => Text(text),
        EnumKind words => Words(words.Symbols),
        SymbolKind word => Words([word.Name]),
        DurationKind => AnyOf(TextOf("^([0-9.]+(ms|s|m|h|d|w|f|MS|S|M|H|D|W|F))+$"), Count()),
        PositiveByteSizeKind => OneOf(new() { Type = JsonSchemaType.Integer, Minimum = "1" }, TextOf(BytesPattern)),
        ByteSizeKind => AnyOf(TextOf(BytesPattern), Count()),
        PercentKind => AnyOf(TextOf("^[0-9.]+%?$"), new() { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }),
        RateKind => new() { Type = JsonSchemaType.String, Pattern = "^(infinity|[0-9]+[a-zA-Z]*(/[0-9.]*[a-zA-Z]+)?)$" },
        BindKind => AnyOf(new() { Type = JsonSchemaType.String }, new() { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "65535" }),
        EpochSecondKind => OneOf(Time(), Count()),
        ExpiryKind => OneOf(Time(), Count(), Words(["infinity"])),
        ArrayKind list => new() { Type = JsonSchemaType.Array, Items = Of(list.Item) },
        MapKind map => MapOf(Of(map.Item)),
        UnionKind union => OneOf([.. union.Members.Select(Struct)]),
        VariantKind several => OneOf([.. several.Members.Select(Struct)]),
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
        if (kind.Minimum > int.MinValue)
            schema.Minimum = Text(kind.Minimum);
        if (kind.Maximum < int.MaxValue)
            schema.Maximum = Text(kind.Maximum);
        return schema;
    }

    private static OpenApiSchema Text(TextKind kind)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = kind.Pattern };
        if (kind.Longest is { } longest)
            (schema.MinLength, schema.MaxLength) = (1, longest);
        return schema;
    }

    private static OpenApiSchema MapOf(OpenApiSchema item) => new() { Type = JsonSchemaType.Object, AdditionalProperties = item };

    private static OpenApiSchema Words(IReadOnlyList<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)word)],
    };

    private static OpenApiSchema TextOf(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    private static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    private static OpenApiSchema Count() => new() { Type = JsonSchemaType.Integer, Minimum = "0" };

    private static OpenApiSchema OneOf(params OpenApiSchema[] members) => new() { OneOf = [.. members] };

    /// <summary>Choices in choices are choices of one.</summary>
    private static OpenApiSchema AnyOf(params OpenApiSchema[] members) =>
        new() { AnyOf = [.. members.SelectMany(member => member.AnyOf ?? [member])] };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
