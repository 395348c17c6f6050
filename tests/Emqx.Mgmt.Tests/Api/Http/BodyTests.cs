using System.Net;
using System.Text.Json;
using Xunit;
using static Emqx.Mgmt.Tests.Answers;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>How bodies and values are read, seen at operations of each kind.</summary>
public sealed class BodyTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    private const string InvalidJson = "Invalid json message received";

    [Theory]
    [InlineData("{")]
    [InlineData("{\"topic\": }")]
    [InlineData("{'topic': 'a'}")]
    [InlineData("{} x")]
    [InlineData("{\"topic\": \"\\ud800\", \"payload\": \"\"}", "root.topic")]
    public async Task Malformed_json_is_a_bad_request(string body, string? place = null)
    {
        using var answer = await PostAsync("/api/v5/publish", body);
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Contains(place ?? InvalidJson, await answer.MessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v5/nodes")]
    [InlineData("DELETE", "/api/v5/banned")]
    public async Task A_body_is_read_where_none_is_due_too(string method, string path)
    {
        using var client = app.WithKey();
        using var request = new HttpRequestMessage(new(method), path) { Content = Json("{") };
        Assert.Equal(InvalidJson, await (await client.SendAsync(request)).MessageAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/jsonx")]
    public async Task Another_content_type_is_415(string type)
    {
        foreach (var path in (string[])["/api/v5/banned", "/api/v5/login", "/api/v5/publish/bulk"])
        {
            using var client = app.WithKey();
            using var answer = await client.PostAsync(path, Json("{}", type));
            Assert.Equal("415 UNSUPPORTED_MEDIA_TYPE", await answer.FailureAsync());
        }
    }

    [Fact]
    public async Task A_content_type_that_is_none_is_400_without_a_body()
    {
        using var client = app.WithKey();
        using var content = Json("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "nonsense");
        using var answer = await client.PostAsync("/api/v5/banned", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("\"text\"", "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("null", "400 BAD_REQUEST")]
    [InlineData("7", "400 BAD_REQUEST")]
    [InlineData("true", "400 BAD_REQUEST")]
    public async Task A_body_is_an_object_or_an_array(string body, string failure) =>
        Assert.Equal(failure, await (await PostAsync("/api/v5/publish", body)).FailureAsync());

    [Theory]
    [InlineData("{}", """[{"reason":"required_field","path":"root.topic","kind":"validation_error"},{"reason":"required_field","path":"root.payload","kind":"validation_error"}]""")]
    [InlineData("""{"topic":"a"}""", """{"reason":"required_field","path":"root.payload","kind":"validation_error"}""")]
    [InlineData("""{"topic":null,"payload":""}""", """{"reason":"required_field","path":"root.topic","kind":"validation_error"}""")]
    [InlineData("""{"topic":"a","payload":"x","qos":7}""", """{"value":7,"reason":"Unable to parse string","path":"root.qos","kind":"validation_error"}""")]
    [InlineData("""{"topic":true,"payload":"x"}""", """{"value":true,"reason":{"expected":"binary()"},"path":"root.topic","kind":"validation_error"}""")]
    [InlineData("""{"topic":1.5,"payload":"x"}""", """{"value":1.5,"reason":{"expected":"binary()"},"path":"root.topic","kind":"validation_error"}""")]
    [InlineData("""{"topic":"a","payload":"x","retain":1}""", """{"value":1,"reason":"Unable to parse boolean value","path":"root.retain","kind":"validation_error"}""")]
    [InlineData("""[{"topic":"a"}]""", """{"value":[{"topic":"a"}],"reason":"bad_value_for_struct","path":"root","kind":"validation_error"}""")]
    public async Task The_message_of_a_schema_failure_is_json(string body, string message)
    {
        using var answer = await PostAsync("/api/v5/publish", body);
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Equal(message, await answer.MessageAsync());
        Assert.Equal(message, (await answer.JsonAsync()).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("/api/v5/publish/bulk", "{}", 100_000)]
    [InlineData("/api/v5/publish/bulk", "{\"topic\":1,\"payload\":{},\"qos\":7,\"x\":1}", 20_000)]
    [InlineData("/api/v5/clients/nobody/subscribe/bulk", "[]", 100_000)]
    public async Task No_more_than_a_hundred_things_are_called_wrong(string path, string item, int count)
    {
        using var answer = await PostAsync(path, $"[{string.Join(',', Enumerable.Repeat(item, count))}]");
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        using var told = JsonDocument.Parse(await answer.MessageAsync());
        Assert.Equal(100, told.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_field_is_named()
    {
        using var answer = await PostAsync("/api/v5/publish", """{"topic":"a","payload":"x","zzz":1}""");
        using var told = JsonDocument.Parse(await answer.MessageAsync());
        Assert.Equal("zzz", told.RootElement.GetProperty("unknown").GetString());
        Assert.Equal("unknown_fields", told.RootElement.GetProperty("reason").GetString());
        Assert.Equal("root", told.RootElement.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("""{"topic":5,"payload":7,"qos":"1","retain":"false"}""")]
    [InlineData("""{"topic":"a","topic":"b","payload":"x"}""")]
    [InlineData("""  {"topic":"a","payload":"","payload_encoding":null}  """)]
    public async Task Values_are_taken_leniently(string body)
    {
        using var answer = await PostAsync("/api/v5/publish", body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.NoContent)]
    [InlineData("", HttpStatusCode.NoContent)]
    [InlineData("[]", HttpStatusCode.NoContent)]
    [InlineData("[\"a\", 5]", HttpStatusCode.NoContent)]
    [InlineData("""{"clientid":"a"}""", HttpStatusCode.BadRequest)]
    [InlineData("[null]", HttpStatusCode.BadRequest)]
    [InlineData("[[\"a\"]]", HttpStatusCode.BadRequest)]
    public async Task An_empty_object_passes_for_an_empty_array(string body, HttpStatusCode status) =>
        Assert.Equal(status, (await PostAsync("/api/v5/clients/kickout/bulk", body)).StatusCode);

    [Fact]
    public async Task A_plain_list_stops_at_the_first_failure_and_ignores_further_fields()
    {
        using var client = app.Anonymous();
        using var answer = await client.PostAsync("/api/v5/login", Json("""{"more":1}"""));
        Assert.Equal("""{"reason":"required_field","path":"username","kind":"validation_error"}""", await answer.MessageAsync());
    }

    [Fact]
    public async Task A_problem_document_is_given_to_those_who_ask()
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Accept", "application/problem+json");
        using var answer = await client.GetAsync("/api/v5/nodes");
        var problem = await answer.JsonAsync();
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("AUTHORIZATION_HEADER_ERROR", problem.GetProperty("code").GetString());
        Assert.Equal(401, problem.GetProperty("status").GetInt32());
        Assert.Equal(problem.GetProperty("message").GetString(), problem.GetProperty("detail").GetString());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var client = app.WithKey();
        return await client.PostAsync(path, Json(body));
    }
}
