using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Exhook;

/// <summary>Hook servers, of which there are none.</summary>
public sealed class ExhookTests
{
    [Fact]
    public async Task There_are_none_and_none_can_be_added()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Get, "/exhooks"));
        Assert.Contains("cannot be added", await api.FailsAsync(HttpMethod.Post, "/exhooks", 400, "BAD_REQUEST", """{"name":"a","url":"http://127.0.0.1:9"}"""), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Get, "/exhooks"));
    }

    [Fact]
    public async Task An_unknown_one_is_told_with_EMQX_s_codes()
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Get, "/exhooks/nope", 404, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Delete, "/exhooks/nope", 404, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Put, "/exhooks/nope", 404, "NOT_FOUND", """{"name":"nope","url":"http://127.0.0.1:9"}""");
        await api.FailsAsync(HttpMethod.Get, "/exhooks/nope/hooks", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Post, "/exhooks/nope/move", 404, "BAD_REQUEST", """{"position":"before:x"}""");
        foreach (var body in (string[])["""{"position":"top"}""", """{"position":"before:"}""", """{"position":""}""", "{}"])
            await api.FailsAsync(HttpMethod.Post, "/exhooks/nope/move", 400, "BAD_REQUEST", body);
    }
}
