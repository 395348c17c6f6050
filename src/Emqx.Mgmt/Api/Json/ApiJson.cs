using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;

namespace Emqx.Mgmt.Api.Json;

/// <summary>How JSON looks here: snake_case, null left out, no needless escapes, source-generated types only.</summary>
internal static class ApiJson
{
    /// <summary>For code that writes its answer itself.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Registers the types of one group (its <c>&lt;Group&gt;Json.Default</c>).</summary>
    public static IServiceCollection AddApiJson(this IServiceCollection services, IJsonTypeInfoResolver types) =>
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Add(types));

    /// <summary>Sets the options that all groups share.</summary>
    public static IServiceCollection AddApiJson(this IServiceCollection services) => services.Configure<JsonOptions>(options =>
    {
        var json = options.SerializerOptions;
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DictionaryKeyPolicy = null;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.RespectNullableAnnotations = false;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.TypeInfoResolverChain.Add(SharedJson.Default);
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    });
}
