using System.Globalization;
using System.Text.Json.Nodes;
using Emqx.Mgmt.Api.Validation;
using Microsoft.OpenApi;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>How the kinds of request values look in OpenAPI.</summary>
internal static class KindSchemas
{
    /// <summary>The schema of a kind.</summary>
    public static OpenApiSchema Of(ValueKind kind) => kind switch
    {
        ResourceNameKind => new() { Type = JsonSchemaType.String, Pattern = "^[A-Za-z]+[A-Za-z0-9-_]*$", MinLength = 1, MaxLength = 256 },
        TextKind => new() { Type = JsonSchemaType.String },
        BooleanKind => new() { Type = JsonSchemaType.Boolean },
        IntegerKind integer => Integer(integer),
        NumberKind => new() { Type = JsonSchemaType.Number },
        WordKind words => new() { Type = JsonSchemaType.String, Enum = [.. words.Words.Select(word => (JsonNode)word)] },
        ExpiryKind => OneOf(Time(), Epoch(), new() { Type = JsonSchemaType.String, Enum = ["infinity"] }),
        EpochSecondKind => OneOf(Time(), Epoch()),
        ByteSizeKind => OneOf(new() { Type = JsonSchemaType.Integer, Minimum = "1" }, new() { Type = JsonSchemaType.String, Pattern = "^[0-9]+(KB|MB|GB)$" }),
        ListKind list => new() { Type = JsonSchemaType.Array, Items = Of(list.Item) },
        MapKind map => new() { Type = JsonSchemaType.Object, AdditionalProperties = Of(map.Item) },
        ObjectKind fields => Object(fields),
        _ => new(),
    };

    private static OpenApiSchema Integer(IntegerKind kind)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Integer };
        if (kind.Min > int.MinValue) schema.Minimum = kind.Min.ToString(CultureInfo.InvariantCulture);
        if (kind.Max < int.MaxValue) schema.Maximum = kind.Max.ToString(CultureInfo.InvariantCulture);
        return schema;
    }

    private static OpenApiSchema Object(ObjectKind kind) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = kind.Fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Of(field.Kind)),
        Required = kind.Fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
    };

    private static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    private static OpenApiSchema Epoch() => new() { Type = JsonSchemaType.Integer, Minimum = "0" };

    private static OpenApiSchema OneOf(params OpenApiSchema[] schemas) => new() { OneOf = [.. schemas] };
}
