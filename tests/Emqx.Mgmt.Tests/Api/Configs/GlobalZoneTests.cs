using System.Net;
using System.Text.Json.Nodes;
using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>The settings that all zones inherit, over HTTP.</summary>
public sealed class GlobalZoneTests(EmqxApp app) : IClassFixture<EmqxApp>, IDisposable
{
    private const string Path = "/api/v5/configs/global_zone";
    private readonly HttpClient _client = app.WithKey();

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> GetAsync() => JsonNode.Parse(await _client.GetStringAsync(Path))!.AsObject();

    private Task<HttpResponseMessage> PutAsync(JsonObject zone) => _client.PutAsync(Path, Answers.Json(zone.ToJsonString()));

    /// <summary>Every root with nothing in it: all defaults.</summary>
    private static JsonObject Defaults() => JsonNode.Parse("""{"mqtt":{},"flapping_detect":{},"force_shutdown":{},"force_gc":{},"durable_sessions":{}}""")!.AsObject();

    private async Task<JsonObject> RefusedAsync(JsonObject zone)
    {
        using var answer = await PutAsync(zone);
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        return JsonNode.Parse(await answer.MessageAsync())!.AsObject();
    }

    [Fact]
    public async Task It_shows_five_roots_with_their_defaults()
    {
        (await PutAsync(Defaults())).Dispose();
        var zone = await GetAsync();
        Assert.Equal(["mqtt", "flapping_detect", "force_shutdown", "force_gc", "durable_sessions"], zone.Select(root => root.Key));
        Assert.Equal("""{"enable":false,"window_time":"1m","max_count":15,"ban_time":"5m"}""", zone["flapping_detect"]!.ToJsonString());
        Assert.Equal(("1MB", "disabled", "infinity"), ((string)zone["mqtt"]!["max_packet_size"]!, (string)zone["mqtt"]!["server_keepalive"]!, (string)zone["mqtt"]!["max_subscriptions"]!));
        Assert.Null(zone["mqtt"]!["keepalive_backoff"]);
    }

    [Fact]
    public async Task What_it_shows_it_takes()
    {
        var zone = await GetAsync();
        using var answer = await PutAsync(zone);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(zone.ToJsonString(), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("flapping_detect")]
    [InlineData("force_shutdown")]
    [InlineData("force_gc")]
    [InlineData("durable_sessions")]
    public async Task Every_root_is_due(string root)
    {
        var zone = Defaults();
        zone.Remove(root);
        Assert.Equal($$"""{"reason":"required_field","path":"{{root}}","kind":"validation_error"}""", (await RefusedAsync(zone)).ToJsonString());
    }

    [Theory]
    [InlineData("mqtt", "max_inflight", "0", """{"value":0,"reason":{"expected":"1..65535"},"path":"mqtt.max_inflight","kind":"validation_error"}""")]
    [InlineData("mqtt", "max_clientid_len", "22", """{"value":22,"reason":{"expected":"23..65535"},"path":"mqtt.max_clientid_len","kind":"validation_error"}""")]
    [InlineData("mqtt", "max_topic_levels", "65536", """{"value":65536,"reason":{"expected":"1..65535"},"path":"mqtt.max_topic_levels","kind":"validation_error"}""")]
    [InlineData("mqtt", "session_expiry_interval", "\"soon\"", """{"value":"soon","reason":"Not a valid duration","path":"mqtt.session_expiry_interval","kind":"validation_error"}""")]
    [InlineData("flapping_detect", "max_count", "-1", """{"value":-1,"reason":{"expected":"non_neg_integer()"},"path":"flapping_detect.max_count","kind":"validation_error"}""")]
    [InlineData("durable_sessions", "batch_size", "0", """{"value":0,"reason":{"expected":"pos_integer()"},"path":"durable_sessions.batch_size","kind":"validation_error"}""")]
    public async Task A_wrong_value_is_told_as_JSON_text(string root, string field, string value, string message)
    {
        var zone = Defaults();
        zone[root]![field] = JsonNode.Parse(value);
        Assert.Equal(message, (await RefusedAsync(zone)).ToJsonString());
    }

    [Fact]
    public async Task Unknown_fields_and_roots_are_refused()
    {
        var zone = Defaults();
        zone["force_gc"]!["often"] = true;
        var told = await RefusedAsync(zone);
        Assert.Equal(("unknown_fields", "often", "force_gc"), ((string)told["reason"]!, (string)told["unknown"]!, (string)told["path"]!));
        var more = Defaults();
        more["zone"] = new JsonObject();
        Assert.Equal("unknown_fields", (string)(await RefusedAsync(more))["reason"]!);
    }

    [Fact]
    public async Task Of_a_refused_body_nothing_is_applied()
    {
        (await PutAsync(Defaults())).Dispose();
        var before = await GetAsync();
        var zone = Defaults();
        zone["mqtt"]!["max_inflight"] = 7;
        zone["durable_sessions"]!["batch_size"] = 0;
        await RefusedAsync(zone);
        Assert.Equal(before.ToJsonString(), (await GetAsync()).ToJsonString());
    }

    [Fact]
    public async Task The_broker_sees_the_change_and_texts_stay_as_given()
    {
        var zone = Defaults();
        zone["mqtt"]!["max_packet_size"] = "100KB";
        zone["mqtt"]!["max_inflight"] = "9";
        zone["mqtt"]!["retain_available"] = false;
        zone["flapping_detect"]!["ban_time"] = "90s";
        using var answer = await PutAsync(zone);
        var shown = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("100KB", (string)shown["mqtt"]!["max_packet_size"]!);
        Assert.Equal(9, (int)shown["mqtt"]!["max_inflight"]!);
        var seen = app.Services.GetRequiredService<SettingsRoot<ZoneSettings>>().Current;
        Assert.Equal((102_400, 9, false), (seen.Mqtt.MaxPacketSize, seen.Mqtt.MaxInflight, seen.Mqtt.RetainAvailable));
    }

    [Theory]
    [InlineData("[]", "400 BAD_REQUEST")]
    [InlineData("5", "400 BAD_REQUEST")]
    [InlineData("{", "400 BAD_REQUEST")]
    public async Task Other_JSON_is_refused(string body, string failure)
    {
        using var answer = await _client.PutAsync(Path, Answers.Json(body));
        Assert.Equal(failure, await answer.FailureAsync());
    }
}
