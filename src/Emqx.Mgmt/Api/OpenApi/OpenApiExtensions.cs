using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Emqx.Mgmt.Api.Configs;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Marks operations that are served but not described.</summary>
internal sealed record HiddenMetadata;

/// <summary>The server's own services, which say what a handler's parameters are.</summary>
internal sealed record ServerServices(IServiceProvider Services);

/// <summary>The API's description: OpenAPI by Swashbuckle, and Swagger UI to try it.</summary>
internal static class OpenApiExtensions
{
    public const string BasicAuth = "basicAuth";
    public const string BearerAuth = "bearerAuth";

    /// <summary>The operation is served but not described, as EMQX does with a few.</summary>
    public static TBuilder Hidden<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new HiddenMetadata());

    /// <summary>Adds the description; nothing of it is made, or even loaded, before it is asked for.</summary>
    public static IServiceCollection AddOpenApi(this IServiceCollection services) => services.AddSingleton<ApiDocument>();

    /// <summary>The generator's own services, apart from the server's: they are needed once and then go.</summary>
    public static ServiceProvider CreateGenerator(IServiceProvider server)
    {
        var services = new ServiceCollection();
        services.AddSingleton(server.GetRequiredService<IWebHostEnvironment>()).AddSingleton(server.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(server.GetRequiredService<IOptions<JsonOptions>>()).AddSingleton(new ServerServices(server));
        services.AddSingleton<XmlDocs>().AddSingleton<IApiDescriptionGroupCollectionProvider, OperationDescriptions>();
        services.AddTransient<ISerializerDataContractResolver>(static services => new JsonSerializerDataContractResolver(JsonFor(services)));
        services.AddSwaggerGen(Describe);
        return services.BuildServiceProvider();
    }

    private static void Describe(SwaggerGenOptions options)
    {
        options.SwaggerDoc(ApiDocument.Name, new OpenApiInfo { Title = "EMQX API", Version = Emqx.Broker.Cluster.NodeIdentity.Version });
        options.DocInclusionPredicate(static (_, _) => true);
        options.AddServer(new OpenApiServer { Url = ManagementApi.Base });
        options.AddSecurityDefinition(BasicAuth, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "An API key and its secret" });
        options.AddSecurityDefinition(BearerAuth, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of POST /login" });
        options.SupportNonNullableReferenceTypes();
        options.MapType<RootDocument>(static () => new OpenApiSchema { Type = JsonSchemaType.Object });
        options.OperationFilter<OperationFilter>();
        options.OperationFilter<RootsFilter>();
        options.SchemaFilter<SchemaFilter>();
        options.SchemaFilter<RootsFilter>();
        options.SchemaFilter<FieldTableFilter>();
    }

    /// <summary>The API's JSON options with reflection, which only the description needs.</summary>
    private static JsonSerializerOptions JsonFor(IServiceProvider services) =>
        new(services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
}
