using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Gives answers that are written from a table the fields of that table.</summary>
internal sealed class FieldTableFilter(XmlDocs docs) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is not null || schema is not OpenApiSchema own || !context.Type.IsAssignableTo(typeof(IFieldTable)))
            return;
        var fields = (IReadOnlyList<DescribedField>)context.Type.GetProperty(nameof(IFieldTable.Fields))!.GetValue(null)!;
        own.Description = docs.SummaryOf(context.Type);
        own.AdditionalPropertiesAllowed = true;
        own.Properties = fields.ToDictionary(static field => field.Name, static field => (IOpenApiSchema)SchemaOf(field));
        own.Required = fields.Where(static field => !field.IsNullable).Select(static field => field.Name).ToHashSet();
    }

    private static OpenApiSchema SchemaOf(DescribedField field)
    {
        var schema = field.Form switch
        {
            FieldForm.Boolean => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldForm.Int32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            FieldForm.Int64 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            FieldForm.Moment => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            FieldForm.Texts => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String } },
            FieldForm.NumberOrInfinity => new OpenApiSchema(),
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };
        schema.Description = field.Summary;
        if (field.IsNullable)
            schema.Type |= JsonSchemaType.Null;
        return schema;
    }
}
