using System.Text.Json;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Api.Operations;
using Emqx.Mgmt.Api.Validation;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Mgmt.Tests.Api.Whole;

/// <summary>An operation that the API's description has: what its endpoint reads, and what is said of its answers.</summary>
internal sealed class DescribedOperation
{
    private readonly RouteEndpoint _endpoint;
    private readonly IReadOnlyList<object> _signature;
    private readonly HashSet<string> _answers;

    private DescribedOperation(string method, string path, JsonElement description, RouteEndpoint endpoint, IServiceProvider services)
    {
        (Method, Path, _endpoint) = (method, path, endpoint);
        _signature = OperationSignature.Of(endpoint, services);
        _answers = [.. AnswersOf(description)];
    }

    public string Method { get; }

    /// <summary>Below <c>/api/v5</c>, with <c>{names}</c>.</summary>
    public string Path { get; }

    /// <summary>The type that the body is described by; null where none is due, or one that is no JSON.</summary>
    public Type? BodyType => _signature.OfType<BodyMetadata>().FirstOrDefault()?.Type;

    /// <summary>The field of a form that brings a file; null where the body is none.</summary>
    public string? UploadField => Metadata<UploadMetadata>()?.Field;

    /// <summary>The body is read by the operation itself.</summary>
    public bool ReadsOwnBody => Metadata<ReadsOwnBody>() is not null;

    /// <summary>How many bytes the body may have.</summary>
    public long LongestBody => (Metadata<BodyLimit>() ?? BodyLimit.Usual).Bytes;

    /// <summary>The parameters of the path by name; those without rules are texts.</summary>
    public IReadOnlyDictionary<string, ValueKind> InPath => _endpoint.RoutePattern.Parameters.ToDictionary(
        static part => part.Name, part => FieldsOf(inPath: true).FirstOrDefault(one => one.Name == part.Name)?.Kind ?? Kinds.Text);

    public IEnumerable<StructField> InQuery => FieldsOf(inPath: false);

    /// <summary>Every operation that is described.</summary>
    public static async Task<IReadOnlyList<DescribedOperation>> AllAsync(NodeApi api)
    {
        using var document = JsonDocument.Parse(await api.Http.GetByteArrayAsync("/api-docs/swagger.json"));
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToDictionary(static endpoint => endpoint.DisplayName!);
        var all = new List<DescribedOperation>();
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var method = operation.Name.ToUpperInvariant();
                all.Add(new(method, path.Name, operation.Value, endpoints[$"{method} {ManagementApi.Base}{path.Name}"], api.Services));
            }
        }

        return all;
    }

    public T? Metadata<T>() where T : class => _endpoint.Metadata.GetMetadata<T>();

    /// <summary>Whether the description has an answer of that status, with that code where it has one.</summary>
    public bool Declares(int status, string? code) => _answers.Contains(code is null ? $"{status}" : $"{status} {code}");

    public override string ToString() => $"{Method} {Path}";

    private IEnumerable<StructField> FieldsOf(bool inPath) => _signature.OfType<ParametersMetadata>().Where(one => one.InPath == inPath)
        .SelectMany(static one => ((StructKind)RecordSchema.Of(one.Type, ofParameters: true).Kind).Fields);

    private static IEnumerable<string> AnswersOf(JsonElement operation)
    {
        foreach (var answer in operation.GetProperty("responses").EnumerateObject())
        {
            var schemas = answer.Value.TryGetProperty("content", out var content) ? content.EnumerateObject().Select(static one => one.Value.GetProperty("schema")).ToList() : [];
            var codes = schemas.SelectMany(CodesOf).ToList();
            foreach (var code in codes)
                yield return code is null ? answer.Name : $"{answer.Name} {code}";
            if (codes.Count == 0)
                yield return answer.Name;
        }
    }

    /// <summary>The codes that a body may have; a null for a body without any.</summary>
    private static IEnumerable<string?> CodesOf(JsonElement schema)
    {
        if (schema.TryGetProperty("anyOf", out var several))
            return several.EnumerateArray().SelectMany(CodesOf);
        return schema.TryGetProperty("allOf", out var parts)
            ? parts[1].GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(static code => code.GetString())
            : [null];
    }
}
