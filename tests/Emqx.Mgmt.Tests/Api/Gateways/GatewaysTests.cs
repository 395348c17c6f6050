using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Gateways;

/// <summary>Gateways, none of which is loaded.</summary>
public sealed class GatewaysTests
{
    private static readonly string[] s_parts =
    [
        "clients", "clients/x", "clients/x/subscriptions", "listeners", "listeners/x", "listeners/x/authentication", "listeners/x/authentication/users",
        "listeners/x/authentication/users/u", "authentication", "authentication/users", "authentication/users/u",
    ];

    [Fact]
    public async Task All_kinds_are_listed_as_unloaded()
    {
        await using var api = await NodeApi.StartAsync();
        var all = string.Join(',', "coap exproto lwm2m mqttsn stomp".Split(' ').Select(name => $$"""{"name":"{{name}}","status":"unloaded"}"""));
        foreach (var query in (string[])["", "?status=all", "?status=unloaded"])
            Assert.Equal((HttpStatusCode.OK, $"[{all}]"), await api.SendAsync(HttpMethod.Get, "/gateways" + query));
        foreach (var query in (string[])["?status=running", "?status=stopped"])
            Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Get, "/gateways" + query));
        foreach (var status in (string[])["nope", "UNLOADED", ""])
            await api.FailsAsync(HttpMethod.Get, "/gateways?status=" + status, 400, "BAD_REQUEST");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("undefined")]
    [InlineData("STOMP")]
    public async Task Another_name_is_refused_everywhere(string name)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Get, $"/gateways/{name}", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Put, $"/gateways/{name}", 400, "BAD_REQUEST", "{}");
        await api.FailsAsync(HttpMethod.Put, $"/gateways/{name}/enable/true", 400, "BAD_REQUEST");
        foreach (var part in s_parts)
            await api.FailsAsync(HttpMethod.Get, $"/gateways/{name}/{part}", 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task A_gateway_shows_that_it_is_unloaded_has_no_parts_and_cannot_be_loaded()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal((HttpStatusCode.OK, """{"name":"lwm2m","status":"unloaded"}"""), await api.SendAsync(HttpMethod.Get, "/gateways/lwm2m"));
        Assert.Contains("no gateways", await api.FailsAsync(HttpMethod.Put, "/gateways/stomp", 400, "BAD_REQUEST", """{"name":"stomp"}"""), StringComparison.Ordinal);
        await api.FailsAsync(HttpMethod.Put, "/gateways/stomp/enable/true", 404, "RESOURCE_NOT_FOUND");
        await api.FailsAsync(HttpMethod.Put, "/gateways/stomp/enable/maybe", 400, "BAD_REQUEST");
        foreach (var part in s_parts)
            await api.FailsAsync(HttpMethod.Get, $"/gateways/stomp/{part}", 404, "RESOURCE_NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, "/gateways/stomp/clients?page=0", 400, "BAD_REQUEST");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await api.SendAsync(HttpMethod.Delete, "/gateways/stomp")).Status);
    }
}
