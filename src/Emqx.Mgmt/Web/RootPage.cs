using Emqx.Broker.Settings;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Emqx.Mgmt.Web;

/// <summary>
/// What is served at <c>/</c>: the folder named by EMQX_DASHBOARD__STATIC_DIR, so that a Dashboard runs from it, else a plain page
/// on the node's state. Whatever is neither goes on to the rest of the pipeline.
/// </summary>
internal static class RootPage
{
    /// <summary>Adds the page or the folder to the pipeline, behind the API.</summary>
    public static IApplicationBuilder UseRootPage(this IApplicationBuilder app)
    {
        var folder = app.ApplicationServices.GetRequiredService<SettingsRoot<DashboardSettings>>().Current.StaticFolder;
        if (folder.Length > 0 && Directory.Exists(folder))
            return app.UseFolder(Path.GetFullPath(folder));
        if (folder.Length > 0)
            WebLog.NoStaticFolder(app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RootPage)), folder);
        return app.Use(static next => context => IsRoot(context) ? LandingPage.WriteAsync(context) : next(context));
    }

    private static IApplicationBuilder UseFolder(this IApplicationBuilder app, string folder)
    {
        var types = new FileExtensionContentTypeProvider { Mappings = { [".map"] = "application/json", [".mjs"] = "text/javascript" } };
        var files = new PhysicalFileProvider(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RedirectToAppendTrailingSlash = false, DefaultFileNames = ["index.html"] });
        return app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files, ContentTypeProvider = types, ServeUnknownFileTypes = true, OnPrepareResponse = static served => SetCaching(served),
        });
    }

    /// <summary>The page itself is asked for anew each time: it names the scripts of the build that is there now.</summary>
    private static void SetCaching(StaticFileResponseContext served)
    {
        if (served.File.Name.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
            served.Context.Response.Headers.CacheControl = "no-cache";
    }

    private static bool IsRoot(HttpContext context) =>
        context.Request.Path.Value is "/" or "" && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
}
