using System.Text;
using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>Zones over HTTP: they have no address of their own, only the configuration as text.</summary>
public sealed class ZonesTests(EmqxApp app) : IClassFixture<EmqxApp>, IDisposable
{
    private readonly HttpClient _client = app.WithKey();

    public void Dispose() => _client.Dispose();

    private async Task<(int Status, string Body)> PutAsync(string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var answer = await _client.PutAsync("/api/v5/configs?mode=merge", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_zone_that_is_put_acts_and_follows_the_global_values()
    {
        var settings = app.Services.GetRequiredService<SettingsRoot<ZoneSettings>>();
        var (status, body) = await PutAsync("zones.put.mqtt.max_inflight = 7");
        Assert.True(status == 200, body);
        Assert.Equal((7, 128), (settings.Current.Find("put")!.Mqtt.MaxInflight, settings.Current.Find("put")!.Mqtt.MaxTopicLevels));
        Assert.Equal(200, (await PutAsync("mqtt { max_inflight = 9, max_topic_levels = 9 }")).Status);
        Assert.Equal((7, 9), (settings.Current.Find("put")!.Mqtt.MaxInflight, settings.Current.Find("put")!.Mqtt.MaxTopicLevels));
        var shown = await _client.GetStringAsync("/api/v5/configs?key=zones");
        Assert.Contains("max_inflight", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("max_topic_levels", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zones.bad.mqtt.nosuch = 1", "unknown_fields")]
    [InlineData("zones.bad.mqtt.max_inflight = 0", "1..65535")]
    [InlineData("zones.bad.nosuch.a = 1", "unknown_fields")]
    public async Task A_wrong_zone_is_refused(string text, string reason)
    {
        var (status, body) = await PutAsync(text);
        Assert.Equal(400, status);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Null(app.Services.GetRequiredService<SettingsRoot<ZoneSettings>>().Current.Find("bad"));
    }
}
