using System.Text.Json;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Schemas;

/// <summary>GET /schemas/{name}: what the Dashboard makes its forms from.</summary>
public sealed class SchemasTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Fact]
    public async Task The_forms_of_the_configuration_need_no_credentials_and_refer_to_structs_that_are_there()
    {
        var form = await GetAsync("hotconf");
        Assert.Equal("""{"version":"0.2.0","title":"Hot Conf Schema"}""", form.GetProperty("info").GetRawText());
        var structs = form.GetProperty("components").GetProperty("schemas");
        foreach (var path in (string[])["alarm", "broker", "dashboard", "limiter", "log", "sys_topics", "sysmon"])
        {
            var way = form.GetProperty("paths").GetProperty($"/configs/{path}").GetProperty("get").GetProperty("$ref").GetString()!;
            Assert.Equal("object", structs.GetProperty(way["#/components/schemas/".Length..]).GetProperty("type").GetString());
        }

        var zone = form.GetProperty("paths").GetProperty("/configs/global_zone").GetProperty("put").GetProperty("properties");
        Assert.Equal(["mqtt", "flapping_detect", "force_shutdown", "force_gc", "durable_sessions"], zone.EnumerateObject().Select(root => root.Name));
        Assert.Equal("""{"type":"duration","default":"60m"}""", structs.GetProperty("dashboard.dashboard").GetProperty("properties").GetProperty("token_expired_time").GetRawText().Replace(
            ",\"description\":\"Life of a login token after its last use.\"", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bridges", "Data Bridge Schema", "/bridges/:id")]
    [InlineData("actions", "Actions and Sources Schema", "/sources/:id")]
    [InlineData("connectors", "Connectors Schema", "/connectors/:id")]
    public async Task What_has_no_types_yet_has_paths(string name, string title, string path)
    {
        var form = await GetAsync(name);
        Assert.Equal(title, form.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal("{}", form.GetProperty("paths").GetProperty(path).GetRawText());
    }

    [Theory]
    [InlineData("nope"), InlineData("HOTCONF")]
    public async Task An_unknown_schema_is_a_bad_request(string name)
    {
        using var client = app.Anonymous();
        using var answer = await client.GetAsync($"/api/v5/schemas/{name}");
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Equal($$"""{"value":"{{name}}","reason":"not_a_enum_symbol","path":"name","kind":"validation_error"}""", await answer.MessageAsync());
    }

    private async Task<JsonElement> GetAsync(string name)
    {
        using var client = app.Anonymous();
        using var answer = await client.GetAsync($"/api/v5/schemas/{name}");
        return await answer.JsonAsync();
    }
}
