using Emqx.Broker.Settings;
using Emqx.Mgmt.Api.Routing;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Serves the document and Swagger UI under <c>/api-docs</c>, unless <c>dashboard.swagger_support</c> is off.</summary>
internal static class ApiDocs
{
    private const string Root = "/api-docs";
    private const string DocumentPath = $"{Root}/swagger.json";

    /// <summary>Adds both to the pipeline.</summary>
    public static void UseApiDocs(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<SettingsRoot<DashboardSettings>>();
        var ui = new Lazy<RequestDelegate>(() => CreateUi(app.Services));
        app.Use(next => context =>
        {
            if (!context.Request.Path.StartsWithSegments(Root))
                return next(context);
            if (!settings.Current.SwaggerSupport)
                return UnknownPath.AnswerAsync(context);
            SetBrowserRules(context.Response.Headers);
            return context.Request.Path == DocumentPath ? ServeDocument(context) : ui.Value(context);
        });
    }

    /// <summary>Swagger UI's own pipeline, made when the first page is asked for: a server that nobody reads the description of does without.</summary>
    private static RequestDelegate CreateUi(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseSwaggerUI(static options =>
        {
            options.RoutePrefix = Root[1..];
            options.DocumentTitle = "EMQX API";
            options.SwaggerEndpoint(DocumentPath, "EMQX API");
            options.EnableFilter();
            options.DefaultModelsExpandDepth(-1);
        });
        branch.Run(UnknownPath.AnswerAsync);
        return branch.Build();
    }

    /// <summary>Writes the document to a file, for a publish.</summary>
    public static async Task WriteAsync(WebApplication app, string file) =>
        await File.WriteAllBytesAsync(file, await app.Services.GetRequiredService<ApiDocument>().GetAsync(CancellationToken.None));

    /// <summary>The page works with credentials: only its own scripts, no frame around it, nothing sent elsewhere.</summary>
    private static void SetBrowserRules(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static async Task ServeDocument(HttpContext context)
    {
        var document = context.RequestServices.GetRequiredService<ApiDocument>();
        if (document.File is not { } file)
        {
            await RawAnswer.SendAsync(context, StatusCodes.Status200OK, Answer.ApplicationJson, await document.GetAsync(context.RequestAborted));
            return;
        }

        context.Response.ContentType = Answer.ApplicationJson;
        context.Response.ContentLength = file.Length;
        await context.Response.SendFileAsync(file.FullName, context.RequestAborted);
    }
}
