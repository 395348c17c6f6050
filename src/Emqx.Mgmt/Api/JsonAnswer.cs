using System.Reflection;
using System.Text.Json;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api;

/// <summary>JSON in the form of a <typeparamref name="T"/>: typed exactly <c>application/json</c>, and of a known length.</summary>
internal sealed class JsonAnswer<T>(int status, Action<Utf8JsonWriter, JsonSerializerOptions> write) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            write(writer, httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        await RawAnswer.SendAsync(httpContext, status, Answer.ApplicationJson, buffer.Memory);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Answer.ApplicationJson]));
}
