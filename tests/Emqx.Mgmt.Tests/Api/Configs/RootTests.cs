using System.Net;
using System.Text.Json.Nodes;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>The roots that have an address of their own.</summary>
public sealed class RootTests(EmqxApp app) : IClassFixture<EmqxApp>, IDisposable
{
    private readonly HttpClient _client = app.WithKey();

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> GetAsync(string root) => JsonNode.Parse(await _client.GetStringAsync($"/api/v5/configs/{root}"))!.AsObject();

    private async Task<JsonObject> PutAsync(string root, string body)
    {
        using var answer = await _client.PutAsync($"/api/v5/configs/{root}", Answers.Json(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private async Task<string> ResetAsync(string address)
    {
        using var answer = await _client.PostAsync($"/api/v5/configs_reset/{address}", null);
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}" : await answer.FailureAsync();
    }

    [Theory]
    [InlineData("alarm")]
    [InlineData("broker")]
    [InlineData("dashboard")]
    [InlineData("log")]
    [InlineData("sys_topics")]
    [InlineData("sysmon")]
    [InlineData("limiter")]
    public async Task What_a_root_shows_it_takes(string root)
    {
        var shown = (await GetAsync(root)).ToJsonString();
        Assert.Equal(shown, (await PutAsync(root, shown)).ToJsonString());
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("listeners")]
    [InlineData("retainer")]
    [InlineData("nope")]
    public async Task Other_roots_have_no_address(string root)
    {
        using var answer = await _client.GetAsync($"/api/v5/configs/{root}");
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task What_is_left_out_gets_its_default()
    {
        await PutAsync("alarm", """{"actions":["log"],"size_limit":7,"validity_period":"1h"}""");
        Assert.Equal("""{"actions":["log","publish"],"size_limit":8,"validity_period":"24h"}""", (await PutAsync("alarm", """{"size_limit":8}""")).ToJsonString());
        Assert.Equal(new AlarmSettings { SizeLimit = 8 }, app.Services.GetRequiredService<SettingsRoot<AlarmSettings>>().Current);
        await PutAsync("alarm", "{}");
    }

    [Fact]
    public async Task Sections_of_sysmon_that_are_left_out_stay()
    {
        await PutAsync("sysmon", """{"os":{"cpu_high_watermark":"91%"},"vm":{"long_gc":"2s"}}""");
        var changed = await PutAsync("sysmon", """{"vm":{"busy_port":false}}""");
        Assert.Equal(("91%", "disabled", false), ((string)changed["os"]!["cpu_high_watermark"]!, (string)changed["vm"]!["long_gc"]!, (bool)changed["vm"]!["busy_port"]!));
    }

    [Fact]
    public async Task The_dashboard_keeps_what_is_left_out_and_masked_secrets()
    {
        var before = await GetAsync("dashboard");
        Assert.Equal("******", (string)before["default_password"]!);
        var changed = await PutAsync("dashboard", """{"token_expired_time":"30m","default_password":"******"}""");
        Assert.Equal("30m", (string)changed["token_expired_time"]!);
        var seen = app.Services.GetRequiredService<SettingsRoot<DashboardSettings>>().Current;
        Assert.Equal("public", seen.DefaultPassword);
        changed.Remove("token_expired_time");
        before.Remove("token_expired_time");
        Assert.Equal(before.ToJsonString(), changed.ToJsonString());
    }

    [Theory]
    [InlineData("alarm", """{"size_limit":3001}""", """{"value":3001,"reason":{"expected":"1..3000"},"path":"root.size_limit","kind":"validation_error"}""")]
    [InlineData("sysmon", """{"os":{"cpu_high_watermark":"101%"}}""", """{"value":"101%","reason":"101%","path":"root.os.cpu_high_watermark","kind":"validation_error"}""")]
    [InlineData("limiter", """{"max_conn_rate":"x"}""", """{"value":"x","reason":"x","path":"root.max_conn_rate","kind":"validation_error"}""")]
    public async Task A_wrong_value_is_told_below_root(string root, string body, string message)
    {
        using var answer = await _client.PutAsync($"/api/v5/configs/{root}", Answers.Json(body));
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Equal(message, await answer.MessageAsync());
    }

    [Fact]
    public async Task The_limiter_shows_only_rates_that_were_set()
    {
        Assert.Equal("""{"max_conn_rate":"7/s","bytes_rate":"10MB/10s"}""", (await PutAsync("limiter", """{"bytes_rate":"10MB/10s","max_conn_rate":"7/s"}""")).ToJsonString());
        Assert.Equal(7, app.Services.GetRequiredService<SettingsRoot<LimiterSettings>>().Current.MaxConnectionRate);
        Assert.Equal("""{"max_conn_rate":"infinity"}""", (await PutAsync("limiter", "{}")).ToJsonString());
    }

    [Fact]
    public async Task A_field_is_put_back_to_its_default()
    {
        await PutAsync("sys_topics", """{"sys_msg_interval":"7s","sys_heartbeat_interval":"8s"}""");
        Assert.Equal("200 ", await ResetAsync("sys_topics?conf_path=sys_msg_interval"));
        var left = await GetAsync("sys_topics");
        Assert.Equal(("1m", "8s"), ((string)left["sys_msg_interval"]!, (string)left["sys_heartbeat_interval"]!));
    }

    [Theory]
    [InlineData("alarm", "400 NO_DEFAULT_VALUE")]
    [InlineData("alarm?conf_path=nope", "400 NO_DEFAULT_VALUE")]
    [InlineData("mqtt?conf_path=max_inflight", "400 BAD_REQUEST")]
    public async Task What_has_no_default_is_not_put_back(string address, string failure) => Assert.Equal(failure, await ResetAsync(address));
}
