using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;

namespace Emqx.Mgmt.Api.Json;

/// <summary>How JSON looks here: snake_case, null left out, no needless escapes, source-generated types only.</summary>
internal static class ApiJson
{
    /// <summary>For code that writes its answer itself.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Sets the options that all groups share.</summary>
    public static IServiceCollection AddApiJson(this IServiceCollection services)
    {
        services.AddSingleton<JsonContexts>().AddOptions<JsonOptions>().Configure<JsonContexts>(Configure);
        return services;
    }

    private static void Configure(JsonOptions options, JsonContexts groups)
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
        foreach (var context in groups.All)
            json.TypeInfoResolverChain.Add(context);
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }
}
