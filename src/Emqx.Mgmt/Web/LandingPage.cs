using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Emqx.Broker.Cluster;
using Emqx.Broker.Settings;

namespace Emqx.Mgmt.Web;

/// <summary>A page for people who open the server in a browser: the node's state and where to go from here.</summary>
internal static class LandingPage
{
    /// <summary>Writes the page.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var directory = services.GetRequiredService<INodeDirectory>();
        var nodes = await directory.ListAsync(context.RequestAborted);
        var docs = services.GetRequiredService<SettingsRoot<DashboardSettings>>().Current.SwaggerSupport;
        var page = Encoding.UTF8.GetBytes(Render(nodes, docs));
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.XFrameOptions = "DENY";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }

    private static string Render(IReadOnlyList<NodeFacts> nodes, bool hasDocs)
    {
        var rows = new StringBuilder();
        foreach (var node in nodes)
            rows.Append(Row(node));
        var docs = hasDocs ? """<p><a href="api-docs">Swagger UI: try the API</a> · <a href="api-docs/swagger.json">OpenAPI document</a></p>""" : "";
        return $$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>MQTT broker</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:48rem;padding:0 1rem;color:#222}
            table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #ddd}</style></head>
            <body><h1>MQTT broker</h1>
            <table><tr><th>Node</th><th>State</th><th>Version</th><th>Up</th><th>Connected</th><th>Sessions</th></tr>{{rows}}</table>
            {{docs}}<p>The API is at <code>api/v5</code>; <a href="status">status</a>.</p></body></html>
            """;
    }

    private static string Row(NodeFacts node) => node.Running is not { } runs
        ? $"<tr><td>{HtmlEncoder.Default.Encode(node.Name)}</td><td>stopped</td><td></td><td></td><td></td><td></td></tr>"
        : string.Create(CultureInfo.InvariantCulture,
            $"<tr><td>{HtmlEncoder.Default.Encode(node.Name)}</td><td>running</td><td>{runs.Version}</td><td>{TimeSpan.FromMilliseconds(runs.Uptime):d\\.hh\\:mm\\:ss}</td><td>{runs.LiveConnections}</td><td>{runs.Sessions}</td></tr>");
}
