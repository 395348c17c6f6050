using System.Text;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>The OpenAPI document, generated when it is first asked for and then kept.</summary>
internal sealed class ApiDocument(IServiceProvider server) : IDisposable
{
    public const string Name = "v5";
    private const string OpenApiVersion = "3.0.0";

    private readonly SemaphoreSlim _gate = new(1);
    private byte[]? _bytes;

    /// <summary>The document as UTF-8 JSON.</summary>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _bytes) is { } known)
            return known;
        await _gate.WaitAsync(cancellation);
        try
        {
            return _bytes ??= await GenerateAsync(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

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
