using System.Net;
using System.Text.Json;
using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Mgmt.Tests.Answers;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>What is done to one client, answered for a client of another node.</summary>
public sealed class ClientActionTests : IDisposable
{
    private readonly FakeControl _control = new();
    private readonly EmqxApp _app;
    private readonly HttpClient _http;

    public ClientActionTests()
    {
        _app = new EmqxApp { With = services => services.AddSingleton<IClientControl>(_control) };
        _http = _app.WithKey();
    }

    public void Dispose()
    {
        _http.Dispose();
        _app.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v5/clients/" + path) { Content = body is null ? null : Json(body) };
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_operation_says_when_a_client_is_unknown_or_its_node_does_not_answer()
    {
        const string one = "{\"topic\":\"t\"}";
        (string Method, string Path, string? Body)[] operations =
        [
            ("DELETE", "", null), ("GET", "/subscriptions", null), ("POST", "/subscribe", one), ("POST", "/subscribe/bulk", $"[{one}]"),
            ("POST", "/unsubscribe", one), ("POST", "/unsubscribe/bulk", $"[{one}]"), ("PUT", "/keepalive", "{\"interval\":1}"),
            ("GET", "/authorization/cache", null), ("DELETE", "/authorization/cache", null), ("GET", "/mqueue_messages", null),
            ("GET", "/inflight_messages", null),
        ];
        foreach (var (method, path, body) in operations)
        {
            Assert.Equal((HttpStatusCode.NotFound, "{\"code\":\"CLIENTID_NOT_FOUND\",\"message\":\"Client ID not found\"}"), await SendAsync(method, "nobody" + path, body));
            var (status, text) = await SendAsync(method, FakeControl.Lost + path, body);
            Assert.Equal(HttpStatusCode.InternalServerError, status);
            Assert.Contains("\"BAD_RPC\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Kicking_many_takes_texts_and_numbers_that_read_like_them()
    {
        Assert.Equal((HttpStatusCode.NoContent, ""), await SendAsync("POST", "kickout/bulk", "[\"a\",7]"));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync("POST", "kickout/bulk", "[]")).Status);
        Assert.Equal(["kick a 7", "kick "], _control.Orders);
        foreach (var body in new[] { "{\"clientid\":\"a\"}", "[[\"a\"]]", "[true]", "[null]", "[1.5]" })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("POST", "kickout/bulk", body)).Status);
    }

    [Fact]
    public async Task A_subscription_comes_back_as_it_was_asked_for()
    {
        var (status, body) = await SendAsync("POST", "known/subscribe", "{\"topic\":\"$share/g/t\",\"qos\":\"2\",\"nl\":0,\"rap\":1,\"rh\":3}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"clientid":"known","topic":"$share/g/t","node":"emqx@other","qos":2,"nl":0,"rap":1,"rh":3}""", body);
    }

    [Theory]
    [InlineData("{}", "BAD_REQUEST")]
    [InlineData("[]", "BAD_REQUEST")]
    [InlineData("{\"topic\":null}", "BAD_REQUEST")]
    [InlineData("{\"topic\":\"a\",\"qos\":3}", "BAD_REQUEST")]
    [InlineData("{\"topic\":\"a\",\"rh\":true}", "BAD_REQUEST")]
    [InlineData("{\"topic\":\"a\",\"nosuch\":1}", "BAD_REQUEST")]
    [InlineData("{\"topic\":\"$share/g\"}", "BAD_REQUEST")]
    [InlineData("{\"topic\":\"$share/g/t\",\"nl\":1}", "INVALID_PARAMETER")]
    public async Task A_bad_subscription_is_refused(string request, string code)
    {
        var (status, body) = await SendAsync("POST", "known/subscribe", request);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_subscriptions_of_which_one_fails_are_told_apart()
    {
        Assert.Equal((HttpStatusCode.OK, "[]"), await SendAsync("POST", "known/subscribe/bulk", "[]"));
        var (status, body) = await SendAsync("POST", "known/subscribe/bulk", "[{\"topic\":\"a\"},{\"topic\":\"$share/g/t\",\"nl\":1}]");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""
            {"succeed":[{"clientid":"known","topic":"a","node":"emqx@other","qos":0,"nl":0,"rap":0,"rh":0}],"failed":[{"data":["known","$share/g/t",{"qos":0,"nl":1,"rap":0,"rh":0}],"reason":"invalid_subopts_nl"}]}
            """, body);
    }

    [Fact]
    public async Task Unsubscribing_passes_filters_on()
    {
        Assert.Equal((HttpStatusCode.NoContent, ""), await SendAsync("POST", "known/unsubscribe", "{\"topic\":\"a/+\"}"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await SendAsync("POST", "known/unsubscribe/bulk", "[{\"topic\":\"a\"},{\"topic\":\"b\"}]"));
        Assert.Equal(["unsubscribe a/+", "unsubscribe a b"], _control.Orders);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("POST", "known/unsubscribe", "{}")).Status);
    }

    [Fact]
    public async Task A_keepalive_is_0_to_65535()
    {
        var client = new FakeClient("known");
        client.Client.KeepAlive = 11;
        _control.Row = new ClientRow("emqx@other", client);
        var (status, body) = await SendAsync("PUT", "known/keepalive", "{\"interval\":11}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"keepalive\":11,", body, StringComparison.Ordinal);
        Assert.Contains("\"node\":\"emqx@other\"", body, StringComparison.Ordinal);
        foreach (var bad in new[] { "65536", "-1", "\"x\"", "1.5", "null" })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("PUT", "known/keepalive", $"{{\"interval\":{bad}}}")).Status);
        Assert.Contains("Interval Not Found", (await SendAsync("PUT", "known/keepalive")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_show_what_they_are_about()
    {
        _control.Cache = [new(new(false, 1, false, "s/#"), true, 5), new(new(true, 2, true, "p"), false, 6)];
        Assert.Equal("""
            [{"access":{"action_type":"subscribe","qos":1},"topic":"s/#","result":"allow","updated_time":5},{"access":{"action_type":"publish","qos":2,"retain":true},"topic":"p","result":"deny","updated_time":6}]
            """, (await SendAsync("GET", "known/authorization/cache")).Body);
    }

    [Fact]
    public async Task Messages_are_written_in_the_encoding_asked_for()
    {
        var message = Message.Create("t", new byte[] { (byte)'a', 0xFF, (byte)'"' }, "pub", 7, qos: 2);
        _control.Slice = new MessageSlice(new[] { new QueuedMessage(message, 1, 99, 0) }, new MessagePosition(50, 0), new MessagePosition(99, 0));
        var (_, body) = await SendAsync("GET", "known/mqueue_messages?limit=5&position=40_0&max_payload_bytes=1KB");
        Assert.Equal($$$"""
            {"data":[{"msgid":"{{{message.Id}}}","topic":"t","qos":1,"publish_at":7,"from_clientid":"pub","from_username":"","payload":"Yf8i","inserted_at":"99","mqueue_priority":0}],"meta":{"start":"50_0","position":"99_0"}}
            """, body);
        Assert.Equal(new MessageSliceQuery(MessageList.Mqueue, new MessagePosition(40, 0), 5, PayloadEncoding.Base64, 1024), _control.Query);
        using var plain = System.Text.Json.JsonDocument.Parse((await SendAsync("GET", "known/inflight_messages?payload=plain")).Body);
        var one = plain.RootElement.GetProperty("data")[0];
        Assert.Equal(("a\uFFFD\"", "99", false), (one.GetProperty("payload").GetString(), one.GetProperty("inserted_at").GetString(), one.TryGetProperty("mqueue_priority", out _)));
        Assert.DoesNotContain("payload", (await SendAsync("GET", "known/inflight_messages?payload=none")).Body, StringComparison.Ordinal);
        _control.Slice = new MessageSlice(default, null, null);
        Assert.Equal("""{"data":[],"meta":{"start":"none","position":"none"}}""", (await SendAsync("GET", "known/inflight_messages?position=none")).Body);
    }

    [Theory]
    [InlineData("-1", "-1", "must be higher than 0")]
    [InlineData("0MB", "0", "must be higher than 0")]
    [InlineData("-1MB", "\"-1MB\"", "Not a valid bytesize")]
    public async Task A_size_that_is_too_small_is_told_from_a_text_that_is_none(string given, string shown, string reason)
    {
        var (_, body) = await SendAsync("GET", $"known/mqueue_messages?max_payload_bytes={given}");
        using var answer = JsonDocument.Parse(body);
        Assert.Equal($$"""{"value":{{shown}},"reason":"{{reason}}","path":"max_payload_bytes","kind":"validation_error"}""", answer.RootElement.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("limit=10&position=not-valid", "INVALID_PARAMETER")]
    [InlineData("position=", "INVALID_PARAMETER")]
    [InlineData("limit=-5&position=not-valid", "BAD_REQUEST")]
    [InlineData("payload=hex", "BAD_REQUEST")]
    [InlineData("max_payload_bytes=0", "BAD_REQUEST")]
    [InlineData("max_payload_bytes=-1MB", "BAD_REQUEST")]
    [InlineData("max_payload_bytes=0MB", "BAD_REQUEST")]
    public async Task Bad_parameters_of_message_lists_are_refused(string query, string code)
    {
        foreach (var list in new[] { "mqueue_messages", "inflight_messages" })
        {
            var (status, body) = await SendAsync("GET", $"known/{list}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
        }
    }
}
