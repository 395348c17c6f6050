using System.Net;
using System.Net.Sockets;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authorization;

/// <summary>The source <c>http</c> as the API shows it: its settings, and how it stands with its service.</summary>
public sealed class HttpSourceApiTests
{
    private const string Sources = "/authorization/sources";

    [Fact]
    public async Task A_service_that_is_not_there_is_disconnected_and_nothing_was_asked()
    {
        await using var api = await NodeApi.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint;
        await api.SendAsync(HttpMethod.Post, Sources, $$$"""{"type":"http","method":"post","url":"http://{{{address}}}/authz","body":{"user":"${username}"}}""");
        Assert.Equal("connected", await StatusAsync(api));
        listener.Stop();
        await api.SendAsync(HttpMethod.Delete, $"{Sources}/http");
        await api.SendAsync(HttpMethod.Post, Sources, $$"""{"type":"http","method":"post","url":"http://{{address}}/authz"}""");
        Assert.Equal("disconnected", await StatusAsync(api));
    }

    [Theory]
    [InlineData("""{"type":"http","method":"put","url":"http://127.0.0.1:1/"}""",
        """{"reason":"unknown_http_method","path":"root","kind":"validation_error","got":"put","expected":"get | post"}""")]
    [InlineData("""{"type":"http"}""", """{"reason":"unknown_http_method","path":"root","kind":"validation_error","got":"undefined","expected":"get | post"}""")]
    [InlineData("""{"type":"http","method":"post","url":""}""",
        """{"value":"","reason":"the value of the field 'url' cannot be empty","path":"root.url","matched_type":"authz:http_post","kind":"validation_error"}""")]
    [InlineData("""{"type":"http","method":"post","url":"http://127.0.0.1:1/","body":{"user":"u"},"nothing":1}""",
        """{"unmatched":"connect_timeout,enable,...","unknown":"nothing","reason":"unknown_fields","path":"root","matched_type":"authz:http_post","kind":"validation_error"}""")]
    public async Task A_wrong_one_is_refused_in_EMQXs_words(string body, string told)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(told, await api.FailsAsync(HttpMethod.Post, Sources, 400, "BAD_REQUEST", body));
    }

    [Fact]
    public async Task Its_credentials_are_masked_and_stay_when_the_mask_comes_back()
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Sources, """{"type":"http","method":"get","url":"http://127.0.0.1:1/","headers":{"Authorization":"Bearer x"}}""");
        var shown = await api.GetAsync($"{Sources}/http");
        Assert.Equal("""{"authorization":"******"}""", shown.GetProperty("headers").GetRawText());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Put, $"{Sources}/http", shown.GetRawText()));
        Assert.Equal(shown.GetRawText(), (await api.GetAsync($"{Sources}/http")).GetRawText());
    }

    private static async Task<string?> StatusAsync(NodeApi api)
    {
        var status = await api.GetAsync($"{Sources}/http/status");
        Assert.Equal("""{"failed":0,"matched":0,"rate":0,"rate_last5m":0,"rate_max":0,"success":0}""", status.GetProperty("resource_metrics").GetRawText().Replace(".0", "", StringComparison.Ordinal));
        Assert.Equal(status.GetProperty("status").GetString(), status.GetProperty("node_status")[0].GetProperty("status").GetString());
        return status.GetProperty("status").GetString();
    }
}
