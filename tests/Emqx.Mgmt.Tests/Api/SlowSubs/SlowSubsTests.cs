using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.SlowSubs;

/// <summary>Slow subscriptions as the API shows and sets them.</summary>
public sealed class SlowSubsTests
{
    private const string Path = "/slow_subscriptions";
    private const string Settings = "/slow_subscriptions/settings";
    private const string Default = """{"enable":false,"expire_interval":"300s","stats_type":"whole","threshold":"500ms","top_k_num":10}""";

    [Fact]
    public async Task What_a_change_leaves_out_stays()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(Default, (await api.GetAsync(Settings)).GetRawText());
        const string Changed = """{"enable":true,"expire_interval":"200s","stats_type":"internal","threshold":"10ms","top_k_num":5}""";
        Assert.Equal((HttpStatusCode.OK, Changed), await api.SendAsync(HttpMethod.Put, Settings, Changed));
        Assert.Equal((HttpStatusCode.OK, Changed), await api.SendAsync(HttpMethod.Put, Settings, "{}"));
        var response = Changed.Replace("internal", "response", StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, response), await api.SendAsync(HttpMethod.Put, Settings, """{"stats_type":"response"}"""));
        Assert.Equal(response, (await api.GetAsync(Settings)).GetRawText());
    }

    [Theory]
    [InlineData("""{"top_k_num":0}""")]
    [InlineData("""{"top_k_num":"many"}""")]
    [InlineData("""{"threshold":"soon"}""")]
    [InlineData("""{"expire_interval":-1}""")]
    [InlineData("""{"stats_type":"all"}""")]
    [InlineData("""{"enable":"yes"}""")]
    [InlineData("""{"nothing":1}""")]
    [InlineData("""[]""")]
    public async Task Wrong_settings_are_refused_and_change_nothing(string body)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Put, Settings, 400, "BAD_REQUEST", body);
        Assert.Equal(Default, (await api.GetAsync(Settings)).GetRawText());
    }

    [Fact]
    public async Task The_list_takes_no_notice_of_paging_and_can_be_cleared()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("""{"data":[]}""", (await api.GetAsync(Path + "?page=0&limit=0")).GetRawText());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, Path));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await api.SendAsync(HttpMethod.Post, Path, "{}")).Status);
    }
}
