using System.Text;
using System.Text.Json;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Hosting;
using Emqx.Mgmt.Tests.Conventions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.OpenApi;

/// <summary>The API's description: sound, and as it was when it was last looked at.</summary>
public sealed class DocumentTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    /// <summary>Set to 1 to write what the tests compare with.</summary>
    internal const string Rewrite = "EMQX_REWRITE_SNAPSHOTS";

    [Fact]
    public async Task It_names_title_version_and_servers()
    {
        var document = await ReadAsync(app);
        Assert.Equal("3.0.0", document.GetProperty("openapi").GetString());
        Assert.Equal("""{"title":"EMQX API","version":"5.8.9"}""", document.GetProperty("info").GetRawText());
        Assert.Equal("""[{"url":"/api/v5"}]""", document.GetProperty("servers").GetRawText());
    }

    [Fact]
    public async Task Every_reference_has_its_target()
    {
        var document = await ReadAsync(app);
        var components = document.GetProperty("components");
        var references = References(document).ToList();
        Assert.InRange(references.Count, 200, 20_000);
        foreach (var reference in references)
        {
            var steps = reference.Split('/');
            Assert.True(components.GetProperty(steps[2]).TryGetProperty(steps[3], out _), reference);
        }
    }

    [Fact]
    public async Task Every_operation_is_described_in_full()
    {
        var operations = Operations(await ReadAsync(app)).ToList();
        Assert.InRange(operations.Count, 80, 400);
        foreach (var (path, method, operation) in operations)
        {
            Assert.True(operation.GetProperty("operationId").GetString()!.Length > 0, path);
            Assert.True(operation.GetProperty("summary").GetString()!.Length > 0, path);
            Assert.True(operation.GetProperty("tags").GetArrayLength() == 1, path);
            var responses = operation.GetProperty("responses");
            Assert.True(responses.TryGetProperty("500", out _), $"{method} {path}");
            if (operation.TryGetProperty("parameters", out var parameters))
                Assert.All(parameters.EnumerateArray(), parameter => Assert.NotEqual(parameter.GetProperty("name").GetString(), parameter.GetProperty("description").GetString()));
        }
    }

    [Fact]
    public async Task Hidden_operations_are_left_out()
    {
        var paths = (await ReadAsync(app)).GetProperty("paths");
        Assert.False(paths.TryGetProperty("/clients_v2", out _));
        Assert.False(paths.TryGetProperty("/clients/{clientid}/keepalive", out _));
    }

    [Fact]
    public async Task Every_field_of_the_configuration_has_its_text()
    {
        var documents = (await ReadAsync(app)).GetProperty("components").GetProperty("schemas").EnumerateObject().Where(schema => schema.Name.EndsWith("Document", StringComparison.Ordinal));
        var fields = documents.SelectMany(document => Fields(document.Name, document.Value)).ToList();
        Assert.InRange(fields.Count, 100, 500);
        Assert.Empty(fields.Where(field => !field.Schema.TryGetProperty("description", out _) && !field.Schema.TryGetProperty("$ref", out _)).Select(field => field.Path));
    }

    [Fact]
    public async Task It_is_as_last_looked_at()
    {
        var file = Path.Combine(SourceTree.Root, "tests/Emqx.Mgmt.Tests/OpenApi/document.txt");
        var outline = Outline(await ReadAsync(app));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(file, outline);
        Assert.True(File.Exists(file) && await File.ReadAllTextAsync(file) == outline, $"{file} is stale: look at the change and write it with {Rewrite}=1");
    }

    [Fact]
    public async Task What_a_publish_writes_is_what_the_server_generates_and_is_sent_as_it_is()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("emqx-document").FullName, ApiDocument.FileName);
        await NodeHost.DescribeAsync(file);
        using var client = app.Anonymous();
        Assert.Equal(await client.GetByteArrayAsync("/api-docs/swagger.json"), await File.ReadAllBytesAsync(file));

        await File.WriteAllTextAsync(file, "{}");
        await using var published = new EmqxApp { With = services => services.AddSingleton(all => new ApiDocument(all) { File = new FileInfo(file) }) };
        using var other = published.Anonymous();
        Assert.Equal("{}", await other.GetStringAsync("/api-docs/swagger.json"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task The_page_is_served()
    {
        using var client = app.Anonymous();
        Assert.Contains("swagger-ui", await (await client.GetAsync("/api-docs/index.html")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    internal static async Task<JsonElement> ReadAsync(EmqxApp app)
    {
        using var client = app.Anonymous();
        using var answer = await client.GetAsync("/api-docs/swagger.json");
        return await answer.JsonAsync();
    }

    internal static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, method.Name, method.Value)));

    private static IEnumerable<string> References(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().SelectMany(member =>
            member.NameEquals("$ref") && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static IEnumerable<(string Path, JsonElement Schema)> Fields(string path, JsonElement schema)
    {
        var inner = schema.TryGetProperty("items", out var items) ? Fields(path, items) : [];
        if (schema.TryGetProperty("additionalProperties", out var named) && named.ValueKind == JsonValueKind.Object)
            inner = inner.Concat(Fields(path, named));
        if (!schema.TryGetProperty("properties", out var properties))
            return inner;
        return properties.EnumerateObject().SelectMany(field => Fields($"{path}.{field.Name}", field.Value).Prepend(($"{path}.{field.Name}", field.Value))).Concat(inner);
    }

    /// <summary>One line an operation and a schema: what a client sees of them, without the words.</summary>
    private static string Outline(JsonElement document)
    {
        var text = new StringBuilder();
        foreach (var (path, method, operation) in Operations(document))
        {
            text.Append($"{method.ToUpperInvariant()} {path} {operation.GetProperty("operationId").GetString()}(");
            if (operation.TryGetProperty("parameters", out var parameters))
                text.AppendJoin(", ", parameters.EnumerateArray().Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}: {Type(parameter.GetProperty("schema"))}"));
            if (operation.TryGetProperty("requestBody", out var body))
                text.Append($"; {Content(body)}");
            text.Append(") ->");
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
                text.Append($" {response.Name} {Content(response.Value)}".TrimEnd()).Append(';');
            text.Append('\n');
        }

        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
            text.Append($"{schema.Name} = {Type(schema.Value)}\n");
        return text.ToString();
    }

    private static string Content(JsonElement holder) =>
        holder.TryGetProperty("content", out var content) ? Type(content.EnumerateObject().First().Value.GetProperty("schema")) : "";

    private static string Type(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return reference.GetString()!.Split('/')[^1];
        if (schema.TryGetProperty("allOf", out var all))
            return string.Join('|', all[1].GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray());
        if (schema.TryGetProperty("oneOf", out var one))
            return string.Join('|', one.EnumerateArray().Select(Type));
        if (schema.TryGetProperty("anyOf", out var any))
            return string.Join('|', any.EnumerateArray().Select(Type));
        if (schema.TryGetProperty("enum", out var words))
            return string.Join('|', words.EnumerateArray());
        if (schema.TryGetProperty("items", out var items))
            return $"[{Type(items)}]";
        if (schema.TryGetProperty("properties", out var properties))
            return Fields(schema, properties);
        return schema.TryGetProperty("type", out var type) ? type.GetString()! : "any";
    }

    private static string Fields(JsonElement schema, JsonElement properties)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return $"{{ {string.Join(", ", properties.EnumerateObject().Select(field => $"{field.Name}{(required.Contains(field.Name) ? "" : "?")}: {Type(field.Value)}"))} }}";
    }
}
