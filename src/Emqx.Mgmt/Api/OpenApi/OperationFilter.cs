using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Operations;
using Emqx.Mgmt.Api.Security;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Describes one operation from its handler's signature and comment and from what it and its groups declare.</summary>
internal sealed class OperationFilter(XmlDocs docs, ServerServices server) : IOperationFilter
{
    private static readonly Failure[] s_either =
        [Failure.AuthorizationHeaderError, Failure.BadApiKeyOrSecret, Failure.BadToken, Failure.TokenTimeOut];

    private static readonly Failure[] s_bearerOnly = [Failure.AuthorizationHeaderError, Failure.ApiKeyNotAllow, Failure.BadToken, Failure.TokenTimeOut];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var endpoint = ((EndpointDescriptor)context.ApiDescription.ActionDescriptor).Endpoint;
        var declared = endpoint.Metadata;
        var signature = OperationSignature.Of(endpoint, server.Services);
        var method = declared.GetRequiredMetadata<MethodInfo>();
        operation.OperationId = declared.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? method.Name;
        operation.Summary = declared.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? docs.SummaryOf(method);
        operation.Description = docs.RemarksOf(method);
        operation.Parameters = [.. Parameters(endpoint, signature, method)];
        if (signature.OfType<BodyMetadata>().FirstOrDefault() is { } body)
            operation.RequestBody = Body(body.Type, context);
        else if (declared.GetMetadata<UploadMetadata>() is { } upload)
            operation.RequestBody = Form(upload.Field);
        var policy = ApiPolicies.PolicyOf(declared);
        operation.Security = Security(policy, context.Document);
        operation.Responses = Successes(declared, signature, context);
        AddFailures(operation, Failures(declared, policy, operation), context);
    }

    private IEnumerable<OpenApiParameter> Parameters(RouteEndpoint endpoint, IReadOnlyList<object> signature, MethodInfo method)
    {
        var declared = signature.OfType<ParametersMetadata>().ToList();
        foreach (var name in endpoint.RoutePattern.Parameters.Select(known => known.Name))
        {
            var (field, text) = Field(declared.Where(known => known.InPath), name);
            var parameter = Parameter(name, ParameterLocation.Path, field?.Kind ?? Kinds.Text, text ?? docs.ParameterOf(method, name));
            parameter.Required = true;
            yield return parameter;
        }

        foreach (var type in declared.Where(known => !known.InPath).Select(known => known.Type))
        {
            foreach (var field in FieldsOf(type))
            {
                var parameter = Parameter(field.Name, ParameterLocation.Query, field.Kind, TextOf(type, field.Name));
                parameter.Required = field.Required;
                yield return parameter;
            }
        }
    }

    private (StructField? Field, string? Text) Field(IEnumerable<ParametersMetadata> declared, string name)
    {
        foreach (var type in declared.Select(known => known.Type))
        {
            if (FieldsOf(type).FirstOrDefault(field => field.Name == name) is { } field)
                return (field, TextOf(type, name));
        }

        return (null, null);
    }

    private static IReadOnlyList<StructField> FieldsOf(Type type) => ((StructKind)RecordSchema.Of(type, ofParameters: true).Kind).Fields;

    private string? TextOf(Type type, string name) =>
        type.GetProperties().FirstOrDefault(property => RecordSchema.NameOf(property) == name) is { } property ? docs.SummaryOf(property) : null;

    private static OpenApiParameter Parameter(string name, ParameterLocation place, ValueKind kind, string? text) =>
        new() { Name = name, In = place, Schema = KindSchemas.Of(kind), Description = text ?? name };

    private OpenApiRequestBody Body(Type type, OperationFilterContext context)
    {
        var schema = type.GetCustomAttribute<KindAttribute>(false) is { } named
            ? Described((ValueKind)Activator.CreateInstance(named.Kind)!, docs.SummaryOf(type))
            : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
        return new() { Required = true, Content = new Dictionary<string, IOpenApiMediaType> { [Answer.ApplicationJson] = new OpenApiMediaType { Schema = schema } } };
    }

    /// <summary>One of several forms, or an object whose fields others describe.</summary>
    private static OpenApiSchema Described(ValueKind kind, string? text)
    {
        var schema = kind.Shape is UnionKind ? KindSchemas.Of(kind) : new OpenApiSchema { Type = JsonSchemaType.Object };
        schema.Description = text;
        return schema;
    }

    private static OpenApiRequestBody Form(string field)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { [field] = file } };
        return new() { Required = true, Content = new Dictionary<string, IOpenApiMediaType> { ["multipart/form-data"] = new OpenApiMediaType { Schema = form } } };
    }

    private static List<OpenApiSecurityRequirement> Security(string? policy, OpenApiDocument document)
    {
        var basic = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApiExtensions.BasicAuth, document)] = [] };
        var bearer = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApiExtensions.BearerAuth, document)] = [] };
        return policy switch { null or ApiPolicies.Scraping => [], ApiPolicies.TokenOnly => [bearer], _ => [basic, bearer] };
    }

    private static OpenApiResponses Successes(EndpointMetadataCollection declared, IReadOnlyList<object> signature, OperationFilterContext context)
    {
        var responses = new OpenApiResponses();
        foreach (var answer in declared.Concat(signature).OfType<IProducesResponseTypeMetadata>())
        {
            var response = new OpenApiResponse { Description = Description(answer) };
            if (answer.Type is { } type && type != typeof(void))
            {
                var schema = context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
                response.Content = answer.ContentTypes.DefaultIfEmpty(Answer.ApplicationJson).ToDictionary(
                    media => media, media => (IOpenApiMediaType)new OpenApiMediaType
                    {
                        Schema = media.StartsWith("text/", StringComparison.Ordinal) ? new OpenApiSchema { Type = JsonSchemaType.String } : schema,
                    });
            }

            Join(responses, answer.StatusCode.ToString(CultureInfo.InvariantCulture), response);
        }

        if (responses.Count == 0)
            responses["200"] = new OpenApiResponse { Description = "OK" };
        return responses;
    }

    /// <summary>Adds a response; where the status has one already, the body is one or the other.</summary>
    private static void Join(OpenApiResponses responses, string status, OpenApiResponse response)
    {
        if (!responses.TryGetValue(status, out var found) || found is not OpenApiResponse { Content: { } known })
        {
            responses[status] = response;
            return;
        }

        foreach (var (type, added) in response.Content ?? new Dictionary<string, IOpenApiMediaType>())
        {
            if (!known.TryGetValue(type, out var before))
                known[type] = added;
            else if (before is OpenApiMediaType { Schema: { } schema } media && added.Schema is { } other)
                media.Schema = new OpenApiSchema { AnyOf = [.. schema is OpenApiSchema { AnyOf: { Count: > 0 } several } ? several : [schema], other] };
        }
    }

    private static string Description(IProducesResponseTypeMetadata answer) => answer.Description ?? answer.StatusCode switch
    {
        StatusCodes.Status200OK => "OK",
        StatusCodes.Status201Created => "Created",
        StatusCodes.Status202Accepted => "Accepted",
        StatusCodes.Status204NoContent => "Done, no content",
        _ => $"Status {answer.StatusCode}",
    };

    private static HashSet<Failure> Failures(EndpointMetadataCollection declared, string? policy, OpenApiOperation operation)
    {
        var failures = new HashSet<Failure>(policy switch { null => [], ApiPolicies.TokenOnly => s_bearerOnly, _ => s_either });
        if (operation.RequestBody?.Content?.ContainsKey(Answer.ApplicationJson) ?? false)
            failures.Add(Failure.UnsupportedMediaType);
        failures.Add(Failure.BadRequest);
        failures.Add(Failure.InternalError);
        foreach (var metadata in declared.GetOrderedMetadata<FailuresMetadata>())
            failures.UnionWith(metadata.Failures);
        return failures;
    }

    private static void AddFailures(OpenApiOperation operation, IEnumerable<Failure> failures, OperationFilterContext context)
    {
        var error = context.SchemaGenerator.GenerateSchema(typeof(ErrorBody), context.SchemaRepository);
        foreach (var group in failures.GroupBy(failure => failure.Status).OrderBy(group => group.Key))
        {
            var status = group.Key.ToString(CultureInfo.InvariantCulture);
            Join(operation.Responses!, status, new OpenApiResponse
            {
                Description = string.Join("; ", group.Select(failure => failure.Description.Trim()).Distinct()),
                Content = new Dictionary<string, IOpenApiMediaType> { [Answer.ApplicationJson] = new OpenApiMediaType { Schema = Narrowed(error, group) } },
            });
        }
    }

    /// <summary>The error body with the codes that are possible here.</summary>
    private static OpenApiSchema Narrowed(IOpenApiSchema error, IEnumerable<Failure> failures)
    {
        var codes = failures.Select(failure => failure.Code).Distinct().Select(code => (JsonNode)code);
        var code = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes] };
        var narrow = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = code } };
        return new() { AllOf = [error, narrow] };
    }
}
