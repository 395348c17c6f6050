using System.Net;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>Each value tells which layer it comes from, and whether it lasts.</summary>
public sealed class OriginTests : IDisposable
{
    private static readonly Uri s_configs = new("api/v5/configs", UriKind.Relative);
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-origin").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_value_is_told_with_its_layer()
    {
        var file = Path.Combine(_folder, "emqx.conf");
        await File.WriteAllTextAsync(file, "mqtt.max_inflight = 33\nmqtt.max_mqueue_len = 77", TestContext.Current.CancellationToken);
        await using var server = await ServerProcess.StartAsync(_folder, ("EMQX_CONFIG_FILE", file), ("EMQX_MQTT__MAX_AWAITING_REL", "77"));
        var told = await OriginsAsync(server);
        Assert.Equal(("77", "environment", ""), told["mqtt.max_awaiting_rel"]);
        Assert.Equal(("33", "file", ""), told["mqtt.max_inflight"]);
        Assert.Equal(("65535", "default", ""), told["mqtt.max_topic_alias"]);

        using var put = await server.Http.PutAsync(s_configs, Answers.Json("mqtt { max_inflight = 44, max_topic_alias = 9 }", "text/plain"));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        told = await OriginsAsync(server);
        Assert.Equal(("9", "api", ""), told["mqtt.max_topic_alias"]);
        var (value, origin, warning) = told["mqtt.max_inflight"];
        Assert.Equal(("44", "api"), (value, origin));
        Assert.Contains("file", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_unknown_root_nothing_is_told()
    {
        using var app = new EmqxApp();
        using var client = app.WithKey();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync("api/v5/configs/_origin?key=nosuch")).FailureAsync());
        var all = await (await client.GetAsync("api/v5/configs/_origin")).JsonAsync();
        Assert.InRange(all.GetArrayLength(), 200, 5000);
        Assert.DoesNotContain(all.EnumerateArray(), static one => one.GetProperty("path").GetString() == "dashboard.default_password" && one.GetProperty("value").GetString() == "public");
    }

    private static async Task<Dictionary<string, (string Value, string Origin, string Warning)>> OriginsAsync(ServerProcess server)
    {
        using var answer = await server.Http.GetAsync(new Uri("api/v5/configs/_origin?key=mqtt", UriKind.Relative));
        return (await answer.JsonAsync()).EnumerateArray().ToDictionary(static one => one.GetProperty("path").GetString()!,
            static one => (one.GetProperty("value").GetRawText(), one.GetProperty("origin").GetString()!, one.TryGetProperty("warning", out var warning) ? warning.GetString()! : ""));
    }
}
