using System.Reflection;
using Emqx.Mgmt.Api.Validation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Gives schemas their texts, and those of requests the rules that requests are checked against.</summary>
internal sealed class SchemaFilter(XmlDocs docs, RequestSchemas requests) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } own || context.MemberInfo is not null) return;
        own.Description ??= docs.SummaryOf(context.Type);
        var isRequest = context.Type.GetInterfaces().Any(known => known.IsGenericType && known.GetGenericTypeDefinition() == typeof(IJsonBody<>));
        var fields = isRequest && requests.OfBody(context.Type) is ObjectKind kind ? kind.Fields : [];
        own.AdditionalPropertiesAllowed = !isRequest;
        own.Required = isRequest ? fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet() : new HashSet<string>();
        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = RequestSchemas.NameOf(property);
            if (!properties.TryGetValue(name, out var known)) continue;
            if (fields.FirstOrDefault(field => field.Name == name) is { Kind: not (ObjectKind or ListKind or MapKind or WordKind) } field) properties[name] = known = KindSchemas.Of(field.Kind);
            var isSure = !isRequest && nullability.Create(property).ReadState == NullabilityState.NotNull;
            if (isSure) own.Required.Add(name);
            if (known is not OpenApiSchema inline) continue;
            inline.Description ??= docs.SummaryOf(property);
            if (isSure) inline.Type &= ~JsonSchemaType.Null;
        }
    }
}
