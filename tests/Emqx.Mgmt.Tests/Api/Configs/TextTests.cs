using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>The whole configuration: as text, and as JSON where only that is accepted.</summary>
public sealed class TextTests(EmqxApp app) : IClassFixture<EmqxApp>, IDisposable
{
    private readonly HttpClient _client = app.WithKey();

    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> GetAsync(string query = "", string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v5/configs{query}");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return _client.SendAsync(request);
    }

    private async Task<(int Status, string Body)> PutAsync(string text, string query = "")
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var answer = await _client.PutAsync($"/api/v5/configs{query}", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null, "text/plain")]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/json, text/plain", "text/plain")]
    [InlineData("application/json", "application/json")]
    public async Task Accept_decides_the_form(string? accept, string type)
    {
        using var answer = await GetAsync(accept: accept);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Any_other_form_is_refused()
    {
        using var answer = await GetAsync(accept: "text/html");
        Assert.Equal("400 INVALID_ACCEPT", await answer.FailureAsync());
    }

    [Fact]
    public async Task JSON_has_the_six_roots_and_no_secrets()
    {
        using var answer = await GetAsync("?key=mqtt", "application/json");
        var roots = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(["alarm", "broker", "dashboard", "log", "sys_topics", "sysmon"], roots.Select(root => root.Key));
        Assert.Equal("******", (string)roots["dashboard"]!["default_password"]!);
    }

    [Fact]
    public async Task Text_of_one_root_can_be_put_back()
    {
        foreach (var root in (string[])["mqtt", "retainer", "delayed", "limiter", "listeners", "log"])
        {
            var text = await (await GetAsync($"?key={root}")).Content.ReadAsStringAsync();
            Assert.StartsWith($"{root} {{", text, StringComparison.Ordinal);
            Assert.Equal((200, ""), await PutAsync(text));
            Assert.Equal(text, await (await GetAsync($"?key={root}")).Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("?key=nope", "400 BAD_REQUEST")]
    [InlineData("?node=nope@127.0.0.1", "404 NOT_FOUND")]
    public async Task Unknown_roots_and_nodes_are_refused(string query, string failure)
    {
        using var answer = await GetAsync(query);
        Assert.Equal(failure, await answer.FailureAsync());
    }

    [Fact]
    public async Task Named_roots_are_replaced_and_others_stay()
    {
        Assert.Equal((200, ""), await PutAsync("alarm { validity_period = 1h }\nbroker.session_history_retain = 5s"));
        Assert.Equal((200, ""), await PutAsync("""{"alarm": {"size_limit": 900}}"""));
        Assert.Equal(new AlarmSettings { SizeLimit = 900 }, app.Services.GetRequiredService<SettingsRoot<AlarmSettings>>().Current);
        Assert.Equal("5s", JsonNode.Parse(await _client.GetStringAsync("/api/v5/configs/broker"))!["session_history_retain"]!.GetValue<string>());
    }

    [Fact]
    public async Task Retainer_and_delayed_follow()
    {
        Assert.Equal((200, ""), await PutAsync("retainer { msg_expiry_interval = 2m, max_payload_size = 4KB, backend.max_retained_messages = 3 }, delayed.max_delayed_messages = 5"));
        Assert.Equal(new RetainerSettings { MsgExpiryInterval = 120_000, MaxPayloadSize = 4096, MaxRetainedMessages = 3 },
            app.Services.GetRequiredService<SettingsRoot<RetainerSettings>>().Current);
        Assert.Equal(new DelayedSettings(MaxDelayedMessages: 5), app.Services.GetRequiredService<SettingsRoot<DelayedSettings>>().Current);
        Assert.Equal((200, ""), await PutAsync("retainer {}, delayed {}"));
    }

    [Theory]
    [InlineData("alarm { size_limit = ", """{"errors":{"line":""")]
    [InlineData("nope { a = 1 }", """{"errors":{"nope":"{root_key_not_found,<<\"nope\">>}"}}""")]
    [InlineData("alarm { size_limit = 0 }", """{"errors":{"alarm":{"value":0,"reason":{"expected":"1..3000"},"path":"alarm.size_limit","kind":"validation_error"}}}""")]
    [InlineData("retainer { backend.storage_type = tape }", """{"errors":{"retainer":{"value":"tape","reason":"not_a_enum_symbol","path":"retainer.backend.storage_type","kind":"validation_error"}}}""")]
    [InlineData("delayed { max_delayed_messages = -1 }", """{"errors":{"delayed":{"value":-1,"reason":{"expected":"non_neg_integer()"}""")]
    [InlineData("node { name = \"x@y\" }", """{"errors":"Cannot update read-only key 'node'."}""")]
    public async Task Errors_are_told_by_root(string text, string errors)
    {
        var (status, body) = await PutAsync(text);
        Assert.Equal(400, status);
        Assert.StartsWith(errors, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_one_error_nothing_is_applied()
    {
        var before = app.Services.GetRequiredService<SettingsRoot<SysTopicsSettings>>().Current;
        Assert.Equal(400, (await PutAsync("sys_topics { sys_msg_interval = 9s }\nalarm { size_limit = 0 }")).Status);
        Assert.Equal(before, app.Services.GetRequiredService<SettingsRoot<SysTopicsSettings>>().Current);
    }

    [Fact]
    public async Task Read_only_roots_can_be_passed_over()
    {
        Assert.Equal((200, ""), await PutAsync("node { name = \"x@y\" }\nlimiter { max_conn_rate = \"5/s\" }", "?ignore_readonly=true"));
        Assert.Equal(5, app.Services.GetRequiredService<SettingsRoot<LimiterSettings>>().Current.MaxConnectionRate);
        Assert.Equal((200, ""), await PutAsync("limiter {}"));
    }

    [Fact]
    public async Task Modes_are_checked()
    {
        Assert.Equal(200, (await PutAsync("alarm {}", "?mode=replace")).Status);
        Assert.Equal(400, (await PutAsync("alarm {}", "?mode=other")).Status);
    }
}
