using System.Reflection;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Mgmt.Api.Validation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Gives schemas their texts, and those of requests the rules that requests are checked against.</summary>
internal sealed class SchemaFilter(XmlDocs docs) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } own || context.MemberInfo is not null)
            return;
        own.Description ??= docs.SummaryOf(context.Type);
        var isRequest = context.Type.GetInterfaces().Any(known => known.IsGenericType && known.GetGenericTypeDefinition() == typeof(IJsonBody<>));
        var fields = isRequest && RecordSchema.Of(context.Type).Kind is StructKind kind ? kind.Fields : [];
        own.AdditionalPropertiesAllowed = !isRequest;
        own.Required = isRequest ? fields.Where(field => field.Required).Select(field => field.Name).ToHashSet() : new HashSet<string>();
        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = RecordSchema.NameOf(property);
            if (!properties.TryGetValue(name, out var known))
                continue;
            if (fields.FirstOrDefault(field => field.Name == name) is { Kind: not (StructKind or ArrayKind or MapKind or EnumKind) } field)
                properties[name] = known = KindSchemas.Of(field.Kind);
            var isSure = !isRequest && nullability.Create(property).ReadState == NullabilityState.NotNull;
            if (isSure)
                own.Required.Add(name);
            if (known is not OpenApiSchema inline)
                continue;
            inline.Description ??= docs.SummaryOf(property);
            if (isSure)
                inline.Type &= ~JsonSchemaType.Null;
        }
    }
}
