using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Monitor;

/// <summary>Samples of the node over time.</summary>
public sealed class MonitorTests
{
    [Fact]
    public async Task The_Dashboard_draws_its_charts_from_samples()
    {
        await using var api = await NodeApi.StartAsync();
        var sampler = api.Services.GetRequiredService<MonitorSampler>();
        for (var i = 0; i < 3; i++)
        {
            api.Time.Advance(TimeSpan.FromSeconds(10));
            await sampler.TickAsync(api.Time.GetUtcNow().ToUnixTimeMilliseconds(), default);
        }

        var points = (await api.GetAsync("/monitor?latest=3600")).EnumerateArray().ToArray();
        Integers(points[^1], "time_stamp received sent dropped persisted connections live_connections subscriptions subscriptions_ram "
            + "subscriptions_durable disconnected_durable_sessions topics validation_failed validation_succeeded transformation_failed transformation_succeeded");
        Assert.Equal("time_stamp", Assert.Single(points[0].EnumerateObject()).Name);
        Assert.False((await api.GetAsync("/monitor/nodes/emqx@127.0.0.1?latest=3600"))[points.Length - 1].TryGetProperty("subscriptions_ram", out _));
        Assert.True((await api.GetAsync("/monitor_current/nodes/emqx@127.0.0.1")).TryGetProperty("node_uptime", out _));
        Assert.False((await api.GetAsync("/monitor_current/nodes/all")).TryGetProperty("node_uptime", out _));
        await api.FailsAsync(HttpMethod.Get, "/monitor?latest=0", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Get, "/monitor/nodes/nosuch", 404, "NOT_FOUND");
    }
}
