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
        app.Use(next => context => settings.Current.SwaggerSupport || !context.Request.Path.StartsWithSegments(Root) ? next(context) : UnknownPath.AnswerAsync(context));
        app.Map(DocumentPath, branch => branch.Run(ServeDocument));
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = Root[1..];
            options.DocumentTitle = "EMQX API";
            options.SwaggerEndpoint(DocumentPath, "EMQX API");
            options.EnablePersistAuthorization();
            options.EnableFilter();
            options.DefaultModelsExpandDepth(-1);
        });
    }

    private static async Task ServeDocument(HttpContext context)
    {
        var document = await context.RequestServices.GetRequiredService<ApiDocument>().GetAsync(context.RequestAborted);
        context.Response.ContentType = Answer.ApplicationJson;
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }
}
