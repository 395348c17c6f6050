using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>Makes request records from bodies, query strings and paths, or leaves the failure with the request's input.</summary>
internal sealed class RequestBinder(RequestSchemas schemas, IOptions<JsonOptions> options)
{
    private const string MediaTypeRequired = "content-type:application/json Required";
    private readonly JsonSerializerOptions _options = options.Value.SerializerOptions;

    /// <summary>The body as a record; null after a failure.</summary>
    public T? FromBody<T>(HttpContext context) where T : class
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null || !IsJson(input)) return null;
        var type = typeof(T);
        var isPlain = type.IsDefined(typeof(PlainListAttribute), false);
        var walk = new Walk(isPlain ? null : "root", isPlain, converts: !type.IsDefined(typeof(UnconvertedAttribute), false));
        return Finish<T>(input, schemas.OfBody(type), input.Body, input.Bytes, walk);
    }

    /// <summary>The body as a list; null after a failure.</summary>
    public List<T>? FromBodyList<T>(HttpContext context)
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null || !IsJson(input)) return null;
        var walk = new Walk("root", firstOnly: false, converts: !typeof(T).IsDefined(typeof(UnconvertedAttribute), false));
        return Finish<List<T>>(input, schemas.OfBody(typeof(List<T>)), input.Body, input.Bytes, walk);
    }

    /// <summary>The query string as a record; null after a failure.</summary>
    public T? FromQuery<T>(HttpContext context) where T : class => FromParameters<T>(context, (schema, writer, input) =>
    {
        if (context.Request.QueryString is { HasValue: true, Value.Length: > 1 } query) WriteQuery(QueryText.Parse(query.Value!), schema, writer, input);
    });

    /// <summary>The path's parameters as a record; null after a failure.</summary>
    public T? FromPath<T>(HttpContext context) where T : class => FromParameters<T>(context, (schema, writer, _) =>
    {
        foreach (var field in schema.Fields)
        {
            if (context.Request.RouteValues.TryGetValue(field.Name, out var value)) writer.WriteString(field.Name, (string?)value);
        }
    });

    private T? FromParameters<T>(HttpContext context, Action<ObjectKind, Utf8JsonWriter, RequestInput> write) where T : class
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null) return null;
        var schema = schemas.OfParameters(typeof(T));
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            write(schema, writer, input);
            writer.WriteEndObject();
        }
        if (input.Failure is not null) return null;
        using var document = JsonDocument.Parse(buffer.Memory);
        return Finish<T>(input, schema, document.RootElement, buffer.Span, new Walk(null, firstOnly: true, converts: true));
    }

    private static void WriteQuery(List<QueryText.Pair> pairs, ObjectKind schema, Utf8JsonWriter writer, RequestInput input)
    {
        foreach (var field in schema.Fields)
        {
            var isList = field.Kind is ListKind;
            var last = pairs.FindLastIndex(pair => pair.Name == field.Name);
            if (last < 0) continue;
            writer.WritePropertyName(field.Name);
            if (isList) writer.WriteStartArray();
            for (var i = isList ? 0 : last; i <= last; i++)
            {
                if (pairs[i].Name != field.Name) continue;
                if (!pairs[i].IsText) input.Failure ??= Failure.BadRequest.Because($"{field.Name} is no text in UTF-8");
                if (pairs[i].Value is { } value) writer.WriteStringValue(value);
                else writer.WriteBooleanValue(true);
            }
            if (isList) writer.WriteEndArray();
        }
    }

    private T? Finish<T>(RequestInput input, ValueKind schema, JsonElement value, ReadOnlySpan<byte> bytes, Walk walk) where T : class
    {
        if (!schema.Check(value, walk))
        {
            input.Failure = Failure.BadRequest.Because(walk.Message);
            return null;
        }
        var type = (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
        return walk.NeedsRewrite ? Rewritten(schema, value, type) : JsonSerializer.Deserialize(bytes, type);
    }

    private static T? Rewritten<T>(ValueKind schema, JsonElement value, JsonTypeInfo<T> type)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) schema.Write(value, writer);
        return JsonSerializer.Deserialize(buffer.Span, type);
    }

    private static bool IsJson(RequestInput input)
    {
        if (input.IsForeign || input.Body.ValueKind == JsonValueKind.String) input.Failure = Failure.UnsupportedMediaType.Because(MediaTypeRequired);
        else if (input.Body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) input.Failure = Failure.BadRequest.Because("Invalid json message received");
        return input.Failure is null;
    }
}
