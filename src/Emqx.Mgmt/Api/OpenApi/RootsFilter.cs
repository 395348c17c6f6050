using Emqx.Broker.Schema;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Configs;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Describes roots of the configuration, alone and several together, by the fields of their tables.</summary>
internal sealed class RootsFilter(ServerServices server) : ISchemaFilter, IOperationFilter
{
    /// <summary>Gives an object of several roots one property a root.</summary>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is not null || schema is not OpenApiSchema own || !context.Type.IsAssignableTo(typeof(IRootsDocument)))
            return;

        var catalogue = server.Services.GetRequiredService<RunningConfiguration>().Catalogue;
        var roots = ((IEnumerable<Root>)context.Type.GetMethod(nameof(IRootsDocument.RootsOf))!.Invoke(null, [catalogue])!).ToList();
        own.Properties = roots.ToDictionary(static root => root.Name, root => (IOpenApiSchema)ReferenceTo(root, context.SchemaRepository));
        own.Required = roots.Select(static root => root.Name).ToHashSet();
        own.AdditionalPropertiesAllowed = true;
    }

    /// <summary>Puts the root of an operation in the place of "a root".</summary>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (((EndpointDescriptor)context.ApiDescription.ActionDescriptor).Endpoint.Metadata.GetMetadata<Root>() is not { } root)
            return;

        var schema = ReferenceTo(root, context.SchemaRepository);
        foreach (var content in (IDictionary<string, IOpenApiMediaType>?[])[operation.RequestBody?.Content, operation.Responses!["200"].Content])
        {
            if (content is not null)
                content[Answer.ApplicationJson] = new OpenApiMediaType { Schema = schema };
        }
    }

    private static OpenApiSchemaReference ReferenceTo(Root root, SchemaRepository repository)
    {
        var name = RootOperations.PascalOf(root) + "Document";
        if (repository.Schemas.ContainsKey(name))
            return new OpenApiSchemaReference(name);

        return repository.AddDefinition(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = KindSchemas.FieldsOf((StructKind)root.Kind),
            AdditionalPropertiesAllowed = false,
            Description = $"The root `{root.Name}`.",
        });
    }
}
