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
    [InlineData("emqx.mqtt", "server_keepalive", """{"oneOf":[{"type":"enum","symbols":["disabled"]},{"type":"integer","minimum":1}],"default":"disabled"}""")]
    [InlineData("emqx.mqtt", "message_expiry_interval", """{"oneOf":[{"type":"enum","symbols":["infinity"]},{"type":"duration"}],"default":"infinity"}""")]
    [InlineData("emqx.mqtt", "idle_timeout", """{"oneOf":[{"type":"duration"},{"type":"enum","symbols":["infinity"]}],"default":"15s"}""")]
    [InlineData("emqx.sysmon_os", "mem_check_interval", """{"oneOf":[{"type":"duration"},{"type":"enum","symbols":["disabled"]}],"default":"60s"}""")]
    [InlineData("emqx.mqtt", "clientid_override", """{"oneOf":[{"type":"string"},{"type":"enum","symbols":["disabled"]}],"default":"disabled"}""")]
    [InlineData("emqx.broker", "session_history_retain", """{"type":"duration","minimum":"1s","default":"0s"}""")]
    [InlineData("emqx.log_throttling", "time_window", """{"type":"duration","minimum":"1s","default":"1m"}""")]
    [InlineData("emqx.force_shutdown", "max_heap_size", """{"type":"wordSize","default":"32MB"}""")]
    [InlineData("emqx.log", "file", """{"oneOf":[{"type":"object","properties":{"$handler_name":{"$ref":"#/components/schemas/emqx.log_file_handler"}}},{"$ref":"#/components/schemas/emqx.log_file_handler"}]}""")]
    [InlineData("dashboard.https", "ssl_options", """{"$ref":"#/components/schemas/dashboard.ssl_options"}""")]
    [InlineData("dashboard.ssl_options", "versions", """{"type":"array","items":{"type":"string"},"default":["tlsv1.3","tlsv1.2"]}""")]
    [InlineData("dashboard.ssl_options", "ciphers", """{"type":"array","items":{"type":"string"},"default":[]}""")]
    public async Task A_field_is_printed_as_EMQX_prints_it(string name, string field, string form)
    {
        var printed = (await GetAsync("hotconf")).GetProperty("components").GetProperty("schemas").GetProperty(name).GetProperty("properties").GetProperty(field);
        var members = printed.EnumerateObject().Where(static member => member.Name != "description").Select(static member => $"\"{member.Name}\":{member.Value.GetRawText()}");
        Assert.Equal(form, $"{{{string.Join(',', members)}}}");
    }

    [Theory]
    [InlineData("bridges", "Data Bridge Schema", "bridges")]
    [InlineData("actions", "Actions and Sources Schema", "actions")]
    [InlineData("actions", "Actions and Sources Schema", "sources")]
    [InlineData("connectors", "Connectors Schema", "connectors")]
    public async Task What_has_no_types_yet_has_its_form_without_them(string name, string title, string things)
    {
        var form = await GetAsync(name);
        Assert.Equal(title, form.GetProperty("info").GetProperty("title").GetString());
        var paths = form.GetProperty("paths");
        Assert.Equal("""{"get":{"type":"array","items":{"oneOf":[]}}}""", paths.GetProperty($"/{things}").GetRawText());
        Assert.Equal("""{"put":{"oneOf":[]},"get":{"oneOf":[]}}""", paths.GetProperty($"/{things}/:id").GetRawText());
        Assert.Equal("{}", paths.GetProperty($"/{things}_probe").GetRawText());
    }

    [Fact]
    public async Task Metrics_and_summaries_of_actions_have_their_fields()
    {
        var form = await GetAsync("actions");
        Assert.Equal("""{"get":{"type":"array","items":{"type":"string","enum":[]}}}""", form.GetProperty("paths").GetProperty("/action_types").GetRawText());
        Assert.Equal("""{"get":{"type":"array","items":{"$ref":"#/components/schemas/actions_and_sources.response_summary"}}}""", form.GetProperty("paths").GetProperty("/sources_summary").GetRawText());
        var metrics = form.GetProperty("paths").GetProperty("/actions/:id/metrics").GetProperty("get").GetProperty("properties").GetProperty("metrics").GetProperty("$ref").GetString();
        Assert.Equal("#/components/schemas/bridge.metrics", metrics);
        var structs = form.GetProperty("components").GetProperty("schemas");
        Assert.Equal("""{"type":"integer"}""", structs.GetProperty("bridge.metrics").GetProperty("properties").GetProperty("dropped.queue_full").GetRawText());
        Assert.Equal("""{"type":"number"}""", structs.GetProperty("bridge.metrics").GetProperty("properties").GetProperty("rate_last5m").GetRawText());
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
