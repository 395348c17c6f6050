using Emqx.Broker.Node;
using Emqx.Mgmt.Api.Configs;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Gives the documents of configuration roots the fields of their tables.</summary>
internal sealed class SettingsSchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is not null || schema is not OpenApiSchema own || !context.Type.IsAssignableTo(typeof(IRootDocument)))
            return;
        var root = (string)context.Type.GetProperty(nameof(IRootDocument.Root))!.GetValue(null)!;
        own.Properties = KindSchemas.FieldsOf(NodeRoots.Catalogue.StructOf(root));
        own.AdditionalPropertiesAllowed = false;
    }
}
