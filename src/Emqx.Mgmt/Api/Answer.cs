using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api;

/// <summary>What operations answer when all went well.</summary>
internal static class Answer
{
    public const string ApplicationJson = "application/json";
    public const string PlainText = "text/plain";

    /// <summary>A value as JSON; 200, or another status of success.</summary>
    public static JsonAnswer<T> Ok<T>(T value, int status = StatusCodes.Status200OK) =>
        new(status, (writer, options) => JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));

    /// <summary>200 with JSON that <paramref name="write"/> makes straight from its source; for what is asked for often.</summary>
    /// <typeparam name="T">What the JSON looks like, for the API's description.</typeparam>
    /// <typeparam name="TSource">What the JSON is made from.</typeparam>
    public static JsonAnswer<T> WrittenFrom<T, TSource>(TSource source, Action<Utf8JsonWriter, TSource> write) =>
        new(StatusCodes.Status200OK, (writer, _) => write(writer, source));

    /// <summary>201 with what was made.</summary>
    public static JsonCreated<T> Created<T>(T value) => new(value);

    /// <summary>204.</summary>
    public static NoContent NoContent() => TypedResults.NoContent();
}
