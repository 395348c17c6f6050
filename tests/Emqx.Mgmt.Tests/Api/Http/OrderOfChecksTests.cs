using System.Net;
using Xunit;
using static Emqx.Mgmt.Tests.Answers;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>A request that is wrong in several ways hears of one: that which comes first in EMQX's order.</summary>
public sealed class OrderOfChecksTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    // Each line is wrong in all that its successors are wrong in, and in one thing more.
    [Theory]
    [InlineData("TRACE", "/api/v5/no_such_thing", false, "text/plain", "{", 501)]
    [InlineData("PATCH", "/api/v5/no_such_thing", false, "text/plain", "{", 404)]
    [InlineData("PATCH", "/api/v5/banned", false, "text/plain", "{", 405)]
    [InlineData("POST", "/api/v5/banned", false, "text/plain", "{", 401)]
    [InlineData("POST", "/api/v5/banned", true, "text/plain", "{", 415)]
    [InlineData("POST", "/api/v5/banned", true, "application/json", "{", 400)]
    public async Task The_first_check_answers(string method, string path, bool withKey, string type, string body, int status)
    {
        using var client = withKey ? app.WithKey() : app.Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "TRACE" ? null : Json(body, type) };
        using var answer = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v5/clients?limit=0&ip_address=x", "400 BAD_REQUEST", "limit")]
    [InlineData("/api/v5/clients?ip_address=x&clean_start=x", "400 BAD_REQUEST", "clean_start")]
    [InlineData("/api/v5/clients?ip_address={PropertyName}&proto_ver=x", "400 INVALID_PARAMETER", "the value is {PropertyName}")]
    [InlineData("/api/v5/clients?proto_ver=x", "400 INVALID_PARAMETER", "proto_ver")]
    [InlineData("/api/v5/clients_v2?cursor=x&proto_ver=x", "400 BAD_REQUEST", "bad cursor")]
    [InlineData("/api/v5/banned?clientid=a&username=b", "400 BAD_REQUEST", "too_many_filters")]
    [InlineData("/api/v5/topics?topic=$share/g", "400 INVALID_PARAMTER", "topic_filter_invalid")]
    [InlineData("/api/v5/subscriptions?match_topic=$share/g/t", "400 INVALID_PARAMETER", "match_topic")]
    [InlineData("/api/v5/data/files/x.txt?node=other", "400 BAD_REQUEST", "invalid backup name")]
    public async Task Form_comes_before_rules_across_fields(string path, string failure, string words)
    {
        using var client = app.WithKey();
        using var answer = await client.GetAsync(path);
        Assert.Equal(failure, await answer.FailureAsync());
        Assert.Contains(words, await answer.MessageAsync(), StringComparison.Ordinal);
    }
}
