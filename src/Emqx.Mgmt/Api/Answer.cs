using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api;

/// <summary>What operations answer when all went well: JSON of a known length, typed exactly <c>application/json</c>.</summary>
internal static class Answer
{
    public const string ApplicationJson = "application/json";

    /// <summary>200 with a value.</summary>
    public static Ok<T> Ok<T>(T value) => new(value, StatusCodes.Status200OK);

    /// <summary>A value with another status, 201 or 202.</summary>
    public static Ok<T> Ok<T>(T value, int status) => new(value, status);

    /// <summary>204.</summary>
    public static NoContent NoContent() => Microsoft.AspNetCore.Http.TypedResults.NoContent();

    /// <summary>200 with JSON that <paramref name="write"/> makes straight from its source; for the hot lists.</summary>
    /// <typeparam name="T">What the JSON looks like, for the API's description.</typeparam>
    /// <typeparam name="TSource">What the JSON is made from.</typeparam>
    public static Written<T, TSource> Write<T, TSource>(TSource source, Action<Utf8JsonWriter, TSource> write) => new(source, write);

    /// <summary>Sends what the buffer holds, with its length.</summary>
    public static async Task SendAsync(HttpResponse response, PooledBuffer buffer)
    {
        response.ContentLength = buffer.Length;
        await response.BodyWriter.WriteAsync(buffer.Memory);
    }
}

/// <summary>A value as JSON.</summary>
internal sealed class Ok<T>(T value, int status) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public T Value => value;
    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = Answer.ApplicationJson;
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        await Answer.SendAsync(response, buffer);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Answer.ApplicationJson]));
}

/// <summary>JSON that its source writes itself.</summary>
internal sealed class Written<T, TSource>(TSource source, Action<Utf8JsonWriter, TSource> write) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = Answer.ApplicationJson;
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            write(writer, source);
        await Answer.SendAsync(response, buffer);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Answer.ApplicationJson]));
}
