using System.Net;
using System.Text.Json;
using Emqx.Broker.Modules.Alarms;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Alarms;

/// <summary>Alarms as the API lists, ends and forgets them.</summary>
public sealed class AlarmsTests
{
    [Fact]
    public async Task An_active_alarm_shows_what_has_happened_and_for_how_long()
    {
        await using var api = await NodeApi.StartAsync();
        await RaiseAsync(api, "high_cpu_usage", """{"usage":"91%"}""", "91% cpu usage");
        api.Time.Advance(TimeSpan.FromMilliseconds(1500));
        var alarm = Assert.Single(await ListAsync(api));
        Texts(alarm, "node name message activate_at");
        Assert.Equal((NodeApi.Node, "high_cpu_usage", "91% cpu usage"), (Text("node"), Text("name"), Text("message")));
        Assert.Equal("""{"usage":"91%"}""", alarm.GetProperty("details").GetRawText());
        Assert.Equal(1500, alarm.GetProperty("duration").GetInt64());
        Assert.Equal(DateTimeOffset.Parse("2026-11-22T20:00:00Z", null), DateTimeOffset.Parse(Text("activate_at"), null));
        Assert.False(alarm.TryGetProperty("deactivate_at", out _));
        Assert.Empty(await ListAsync(api, "?activated=false"));

        string Text(string name) => alarm.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task An_alarm_ended_by_hand_is_a_past_one_whose_duration_stands()
    {
        await using var api = await NodeApi.StartAsync();
        await RaiseAsync(api, "high_cpu_usage");
        api.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((HttpStatusCode.NoContent, ""), await DeactivateAsync(api, "high_cpu_usage"));
        api.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await ListAsync(api));
        var past = Assert.Single(await ListAsync(api, "?activated=false"));
        Texts(past, "name deactivate_at");
        Assert.Equal(2000, past.GetProperty("duration").GetInt64());
        await api.FailsAsync(HttpMethod.Post, "/alarms/force_deactivate", 400, "NOT_FOUND", """{"name":"high_cpu_usage"}""");
    }

    [Theory]
    [InlineData("""{"name":"nosuch"}""", "NOT_FOUND")]
    [InlineData("{}", "INVALID_PARAMETER")]
    [InlineData("""{"name":""}""", "INVALID_PARAMETER")]
    [InlineData("""{"name":["x"]}""", "BAD_REQUEST")]
    [InlineData("""{"name":5}""", "BAD_REQUEST")]
    [InlineData("""{"name":"x","nosuch":1}""", "BAD_REQUEST")]
    public async Task What_names_no_active_alarm_is_a_400(string body, string code)
    {
        await using var api = await NodeApi.StartAsync();
        await RaiseAsync(api, "x");
        await api.FailsAsync(HttpMethod.Post, "/alarms/force_deactivate", 400, code, body);
        Assert.Single(await ListAsync(api));
    }

    [Fact]
    public async Task Forgetting_the_past_leaves_the_active_alarms()
    {
        await using var api = await NodeApi.StartAsync();
        await RaiseAsync(api, "one");
        await RaiseAsync(api, "two");
        await DeactivateAsync(api, "one");
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, "/alarms"));
        Assert.Empty(await ListAsync(api, "?activated=false"));
        Assert.Equal("two", Assert.Single(await ListAsync(api)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Alarms_are_paged_the_newest_first()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var name in (string[])["first", "second", "third"])
        {
            await RaiseAsync(api, name);
            api.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var page = await api.GetAsync("/alarms?limit=2");
        Assert.Equal("""{"page":1,"limit":2,"count":3,"hasnext":true}""", page.GetProperty("meta").GetRawText());
        Assert.Equal(["third", "second"], page.GetProperty("data").EnumerateArray().Select(alarm => alarm.GetProperty("name").GetString()));
        var last = await api.GetAsync("/alarms?limit=2&page=2");
        Assert.Equal("""{"page":2,"limit":2,"count":3,"hasnext":false}""", last.GetProperty("meta").GetRawText());
        Assert.Equal("first", last.GetProperty("data")[0].GetProperty("name").GetString());
        await api.FailsAsync(HttpMethod.Get, "/alarms?activated=maybe", 400, "BAD_REQUEST");
    }

    private static async Task RaiseAsync(NodeApi api, string name, string details = "{}", string message = "") =>
        Assert.True(await api.Services.GetRequiredService<IAlarmControl>().ActivateAsync(name, details, message, CancellationToken.None));

    private static Task<(HttpStatusCode Status, string Body)> DeactivateAsync(NodeApi api, string name) =>
        api.SendAsync(HttpMethod.Post, "/alarms/force_deactivate", $$"""{"name":"{{name}}"}""");

    private static async Task<JsonElement[]> ListAsync(NodeApi api, string query = "") =>
        [.. (await api.GetAsync("/alarms" + query)).GetProperty("data").EnumerateArray()];
}
