using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Telemetry;

/// <summary>Telemetry: a switch, and data that stays here.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task The_switch_answers_with_its_state_and_setting_what_is_set_is_refused()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.False((await api.GetAsync("/telemetry/status")).GetProperty("enable").GetBoolean());
        await api.FailsAsync(HttpMethod.Put, "/telemetry/status", 400, "BAD_REQUEST", """{"enable":false}""");
        await api.FailsAsync(HttpMethod.Put, "/telemetry/status", 400, "BAD_REQUEST", "{}");
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/telemetry/status", """{"enable":true}""")).Status);
        Assert.True((await api.GetAsync("/telemetry/status")).GetProperty("enable").GetBoolean());
        await api.FailsAsync(HttpMethod.Put, "/telemetry/status", 400, "BAD_REQUEST", """{"enable":true}""");
    }

    [Fact]
    public async Task Data_is_there_while_it_is_on()
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Get, "/telemetry/data", 404, "NOT_FOUND");
        await api.SendAsync(HttpMethod.Put, "/telemetry/status", """{"enable":true}""");
        var data = await api.GetAsync("/telemetry/data");
        Integers(data, "up_time num_clients num_cluster_sessions messages_received messages_sent");
        Assert.Equal("opensource", data.GetProperty("license").GetProperty("edition").GetString());
        Assert.Equal("""["file"]""", data.GetProperty("authn_authz").GetProperty("authz").GetRawText());
        Integers(data.GetProperty("advanced_mqtt_features"), "topic_rewrite retained delayed auto_subscribe");
    }
}
