using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.AutoSubscribe;

/// <summary>The list of auto subscribe as the API shows and replaces it.</summary>
public sealed class AutoSubscribeTests
{
    private const string Path = "/mqtt/auto_subscribe";

    [Fact]
    public async Task A_list_replaces_the_other_and_is_shown_with_its_defaults()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("[]", (await api.GetAsync(Path)).GetRawText());
        const string shown = """[{"nl":0,"qos":0,"rap":0,"rh":0,"topic":"a"},{"nl":1,"qos":2,"rap":1,"rh":1,"topic":"b/${clientid}"}]""";
        var (status, body) = await api.SendAsync(HttpMethod.Put, Path, """[{"topic":"a"},{"topic":"b/${clientid}","qos":2,"rh":1,"rap":1,"nl":1}]""");
        Assert.Equal((HttpStatusCode.OK, shown), (status, body));
        Assert.Equal(shown, (await api.GetAsync(Path)).GetRawText());
        Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Put, Path, "[]"));
    }

    [Theory]
    [InlineData("""[{"qos":1}]""")]
    [InlineData("""[{"topic":"a","qos":3}]""")]
    [InlineData("""[{"topic":"a","rh":3}]""")]
    [InlineData("""[{"topic":"a","rap":2}]""")]
    [InlineData("""[{"topic":"a","nl":-1}]""")]
    [InlineData("""[{"topic":"a","nl":"x"}]""")]
    [InlineData("""[{"topic":"a","more":1}]""")]
    [InlineData("""[{"topic":null}]""")]
    [InlineData("""["a"]""")]
    [InlineData("""{"topic":"a"}""")]
    [InlineData("""[null]""")]
    public async Task What_is_wrong_is_refused_and_changes_nothing(string json)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Put, Path, """[{"topic":"a"}]""");
        await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", json);
        Assert.Equal(1, (await api.GetAsync(Path)).GetArrayLength());
    }

    [Fact]
    public async Task Twenty_topics_are_the_most()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, Path, List(20))).Status);
        await api.FailsAsync(HttpMethod.Put, Path, 409, "EXCEED_LIMIT", List(21));
        Assert.Equal(20, (await api.GetAsync(Path)).GetArrayLength());
    }

    private static string List(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"topic":"t{{i}}"}"""))}]";
}
