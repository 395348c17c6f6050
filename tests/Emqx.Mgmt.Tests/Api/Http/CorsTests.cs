using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>dashboard.cors.</summary>
public sealed class CorsTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task Every_answer_to_an_origin_allows_all_where_cors_is_on(bool cors, bool origin, bool allowed)
    {
        await using var app = new EmqxApp();
        var settings = app.Services.GetRequiredService<SettingsRoot<DashboardSettings>>();
        settings.Replace(settings.Current with { Cors = cors });
        using var client = app.Anonymous();
        if (origin)
            client.DefaultRequestHeaders.Add("Origin", "http://elsewhere");
        foreach (var path in (string[])["/api/v5/status", "/api/v5/nodes", "/nope"])
            Assert.Equal(allowed, (await client.GetAsync(path)).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_description_is_an_unknown_path_where_swagger_support_is_off()
    {
        await using var app = new EmqxApp();
        var settings = app.Services.GetRequiredService<SettingsRoot<DashboardSettings>>();
        settings.Replace(settings.Current with { SwaggerSupport = false });
        using var client = app.Anonymous();
        foreach (var path in (string[])["/api-docs", "/api-docs/", "/api-docs/index.html", "/api-docs/swagger.json"])
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
    }
}
