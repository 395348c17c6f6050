using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>How query strings are read.</summary>
public sealed class QueryTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Theory]
    [InlineData("page=0", """{"value":0,"reason":{"expected":"pos_integer()"},"path":"page","kind":"validation_error"}""")]
    [InlineData("page=1.5", """{"value":1.5,"reason":{"expected":"pos_integer()"},"path":"page","kind":"validation_error"}""")]
    [InlineData("page=x", """{"value":"x","reason":{"expected":"pos_integer()"},"path":"page","kind":"validation_error"}""")]
    [InlineData("page=", """{"value":[],"reason":{"expected":"pos_integer()"},"path":"page","kind":"validation_error"}""")]
    [InlineData("limit=10001", """{"value":10001,"reason":{"expected":"1..10000"},"path":"limit","kind":"validation_error"}""")]
    [InlineData("limit=99999999999999999999", """{"value":99999999999999999999,"reason":{"expected":"1..10000"},"path":"limit","kind":"validation_error"}""")]
    [InlineData("clean_start=1", """{"value":"1","reason":"Unable to parse boolean value","path":"clean_start","kind":"validation_error"}""")]
    [InlineData("conn_state=asleep", """{"value":"asleep","reason":"not_a_enum_symbol","path":"conn_state","kind":"validation_error"}""")]
    public async Task A_parameter_that_does_not_fit_is_told_as_json(string query, string message)
    {
        using var client = app.WithKey();
        using var answer = await client.GetAsync($"/api/v5/clients?{query}");
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Equal(message, await answer.MessageAsync());
    }

    [Theory]
    [InlineData("limit=5&limit=7", 1, 7)]
    [InlineData("page=%2B2&limit=1", 2, 1)]
    [InlineData("nosuch=1", 1, 100)]
    [InlineData("&&limit=3&", 1, 3)]
    public async Task The_last_of_a_repeated_parameter_counts_and_unknown_ones_do_not(string query, int page, int limit)
    {
        using var client = app.WithKey();
        var meta = (await (await client.GetAsync($"/api/v5/clients?{query}")).JsonAsync()).GetProperty("meta");
        Assert.Equal((page, limit), (meta.GetProperty("page").GetInt32(), meta.GetProperty("limit").GetInt32()));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_bad_request()
    {
        using var client = app.WithKey();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync("/api/v5/clients?like_clientid=%FF")).FailureAsync());
    }
}
