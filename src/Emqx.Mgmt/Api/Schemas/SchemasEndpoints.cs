using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Schemas;

/// <summary>The schemas that the Dashboard makes its forms from.</summary>
internal static class SchemasEndpoints
{
    public static IServiceCollection AddSchemas(this IServiceCollection services) =>
        services.AddSingleton(static services => new DashboardForms(services.GetRequiredService<RunningConfiguration>().Catalogue));

    public static void MapSchemas(this RouteGroupBuilder api) =>
        api.MapGroup("/schemas").WithTags("Dashboard").MapGet("/{name}", GetSchema).Fails(Failure.BadRequest);

    /// <summary>Gives the schema of that name. Made for EMQX's Dashboard only.</summary>
    private static JsonAnswer<SchemaResponse> GetSchema(SchemaPath path, DashboardForms forms) =>
        Answer.WrittenFrom<SchemaResponse, ConfigObject>(forms.Of(path.Name), static (writer, form) => ConfigJson.Write(writer, form));
}
