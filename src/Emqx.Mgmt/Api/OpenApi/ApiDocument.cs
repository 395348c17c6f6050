using System.Text;
using System.Text.Json.Nodes;
using Emqx.Broker.Storage;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>
/// The OpenAPI document. A publish writes it to a file beside the server, which is sent as it is: to generate it takes half a second and leaves 26 MB of
/// loaded code behind. Without the file it is generated when it is first asked for, and kept.
/// </summary>
internal sealed class ApiDocument(IServiceProvider server) : IDisposable
{
    public const string Name = "v5";

    /// <summary>The file's name, in the folder of the program.</summary>
    public const string FileName = "swagger.json";

    private const string OpenApiVersion = "3.0.0";

    private readonly OneAtATime _making = new();
    private byte[]? _bytes;

    /// <summary>The published file, or null where there is none.</summary>
    public FileInfo? File { get; init; } = new FileInfo(Path.Combine(AppContext.BaseDirectory, FileName)) is { Exists: true } file ? file : null;

    /// <summary>The document as UTF-8 JSON, generated from the endpoints.</summary>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _bytes) is { } known)
            return known;
        using var turn = await _making.TakeAsync(cancellation);
        return _bytes ??= await GenerateAsync(cancellation);
    }

    public void Dispose() => _making.Dispose();

    private async Task<byte[]> GenerateAsync(CancellationToken cancellation)
    {
        await using var generator = OpenApiExtensions.CreateGenerator(server);
        await using var scope = generator.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Name, null, null);
        var json = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0, cancellation))!.AsObject();
        json["openapi"] = OpenApiVersion;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
