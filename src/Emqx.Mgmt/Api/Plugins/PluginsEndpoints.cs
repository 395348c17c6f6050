using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Plugins;

/// <summary>Plugins: there are none. Installing one needs a word on the command line, which there is not either.</summary>
internal static class PluginsEndpoints
{
    public static void MapPlugins(this RouteGroupBuilder api)
    {
        var plugins = api.MapGroup("/plugins").WithTags("Plugins").WithJson<PluginsJson>().Fails(Failure.BadRequest);
        plugins.MapGet("", ListPlugins);
        plugins.MapPost("/install", InstallPlugin).Fails(Failure.BadFormData, Failure.BadPluginInfo, Failure.Forbidden)
            .WithMetadata(new ReadsOwnBody(), new UploadMetadata("plugin"), BodyLimit.Packages);

        var plugin = plugins.MapGroup("/{name}").Fails(Failure.NotFound);
        plugin.MapGet("", GetPlugin);
        plugin.MapDelete("", DeletePlugin);
        plugin.MapPut("/{action}", StartOrStopPlugin);
        plugin.MapGet("/config", GetPluginConfig);
        plugin.MapPut("/config", PutPluginConfig);
        plugin.MapGet("/schema", GetPluginSchema);
        plugin.MapPost("/move", MovePlugin).Fails(Failure.BadPosition, Failure.MoveFailed);
    }

    /// <summary>Lists the plugins in the order in which they start.</summary>
    private static JsonAnswer<PluginResponse[]> ListPlugins() => Answer.Ok<PluginResponse[]>([]);

    /// <summary>Would install a plugin from a package, the form's field <c>plugin</c>. No package is allowed.</summary>
    private static async Task<Results<NoContent, ApiFailure>> InstallPlugin(HttpContext context)
    {
        if (await PackageForm.ReadNameAsync(context) is not { } file)
            return Failure.BadFormData.Because("form-data should be `plugin=@packagename-vsn.tar.gz;type=application/x-gzip`");
        return PackageForm.IsVersioned(file)
            ? Failure.Forbidden.Because($"Package is not allowed installation: there are no plugins in this server yet, so that {PackageForm.Trimmed(file)} cannot be allowed")
            : Failure.BadPluginInfo.Because($"bad_name_vsn:{file}");
    }

    /// <summary>Shows a plugin.</summary>
    private static Results<JsonAnswer<PluginResponse>, ApiFailure> GetPlugin(PluginPath path) => Failure.NotFound.Because(path.Name);

    /// <summary>Would remove a plugin.</summary>
    private static Results<NoContent, ApiFailure> DeletePlugin(PluginPath path) => Failure.NotFound.Because($"{path.Name} does not exist");

    /// <summary>Starts or stops a plugin. Of one that is not there nothing is said, as in EMQX.</summary>
    private static NoContent StartOrStopPlugin(PluginActionPath path) => Answer.NoContent();

    /// <summary>Shows the configuration of a plugin.</summary>
    private static Results<JsonAnswer<PluginResponse>, ApiFailure> GetPluginConfig(PluginPath path) => NotFound();

    /// <summary>Would change the configuration of a plugin.</summary>
    private static Results<NoContent, ApiFailure> PutPluginConfig(PluginPath path, PluginConfigRequest request) => NotFound();

    /// <summary>Shows the schema of a plugin's configuration.</summary>
    private static Results<JsonAnswer<PluginResponse>, ApiFailure> GetPluginSchema(PluginPath path) => NotFound();

    /// <summary>Would move a plugin within the order of starting.</summary>
    private static Results<NoContent, ApiFailure> MovePlugin(PluginPath path, MovePluginRequest request) => FaultOf(request.Position, path.Name) is { } fault
        ? Failure.BadPosition.Because(fault)
        : Failure.MoveFailed.Because($"{path.Name} is not installed");

    private static string? FaultOf(string? position, string name)
    {
        if (position is "front" or "rear")
            return null;
        var word = position?.Split(':')[0];
        if (position is null || word is not ("before" or "after") || position.Length == word.Length)
            return "The position is front, rear, before:NAME or after:NAME";
        var other = position[(word.Length + 1)..];
        if (other.Length == 0)
            return $"Invalid parameter. Cannot be placed {word} an empty target";
        return other == name ? $"Invalid parameter. Cannot be placed {word} itself" : null;
    }

    private static ApiFailure NotFound() => Failure.NotFound.Because("Plugin Not Found");
}
