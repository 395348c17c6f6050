using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Protocol;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Trace;

/// <summary>/trace: made, listed, stopped, deleted, and their logs read.</summary>
public sealed class TraceTests(EmqxApp app) : IClassFixture<EmqxApp>, IAsyncLifetime
{
    private const string Path = "/api/v5/trace";
    private const string Node = "emqx@127.0.0.1";

    private readonly HttpClient _client = app.WithKey();

    public async ValueTask InitializeAsync() => (await _client.DeleteAsync(Path)).Dispose();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<HttpResponseMessage> Post(string json) => _client.PostAsync(Path, Answers.Json(json));

    private async Task Make(string name = "t", string topic = "x")
    {
        using var answer = await _client.PostAsJsonAsync(Path, new { name, type = "topic", topic });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonElement> Get(string path) => await (await _client.GetAsync(Path + path)).JsonAsync();

    private async Task Publish(string topic, string payload)
    {
        app.Services.GetRequiredService<IMessagePublisher>().Publish(Message.Create(topic, Encoding.UTF8.GetBytes(payload), "c", 1));
        var traces = app.Services.GetRequiredService<ITraceDirectory>();
        await Eventually.TrueAsync(() => traces.ReadLogAsync("t", null, 0, int.MaxValue, default).AsTask().GetAwaiter().GetResult().Text
            .Contains(payload, StringComparison.Ordinal), "the line");
    }

    [Fact]
    public async Task A_trace_is_made_listed_stopped_and_deleted()
    {
        using var made = await Post("""{"name":"t","type":"topic","topic":"a/#","clientid":"ignored","nosuch":1}""");
        var trace = await made.JsonAsync();
        Assert.Equal(["end_at", "formatter", "log_size", "name", "payload_encode", "start_at", "status", "topic", "type"], trace.EnumerateObject().Select(field => field.Name));
        Assert.Equal("t topic a/# running text text", string.Join(' ', new[] { "name", "type", "topic", "status", "payload_encode", "formatter" }.Select(name => trace.GetProperty(name).GetString())));
        Assert.Equal(0, trace.GetProperty("log_size").GetProperty(Node).GetInt64());
        var listed = (await Get("")).EnumerateArray().Single();
        Assert.Equal(600, (listed.GetProperty("end_at").GetDateTimeOffset() - listed.GetProperty("start_at").GetDateTimeOffset()).TotalSeconds);

        for (var i = 0; i < 2; i++)
        {
            using var stopped = await _client.PutAsync($"{Path}/t/stop", Answers.Json("{}"));
            Assert.Equal("""{"enable":false,"name":"t"}""", await stopped.Content.ReadAsStringAsync());
        }

        Assert.Equal("stopped", (await Get(""))[0].GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"{Path}/t")).StatusCode);
        Assert.Equal("404 NOT_FOUND", await (await _client.DeleteAsync($"{Path}/t")).FailureAsync());
        await Make();
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync(Path)).StatusCode);
        Assert.Equal("[]", (await Get("")).ToString());
    }

    [Theory]
    [InlineData("clientid", "c")]
    [InlineData("ip_address", "203.0.113.9")]
    [InlineData("ruleid", "r")]
    public async Task Each_type_has_the_field_of_its_name(string type, string filter)
    {
        using var made = await Post($$"""{"name":"t","type":"{{type}}","{{type}}":"{{filter}}","formatter":"json","payload_encode":"hex"}""");
        var trace = await made.JsonAsync();
        Assert.Equal((filter, "json", "hex"), (trace.GetProperty(type).GetString(), trace.GetProperty("formatter").GetString(), trace.GetProperty("payload_encode").GetString()));
        Assert.False(trace.TryGetProperty("topic", out _));
    }

    [Theory]
    [InlineData("""{"type":"topic","topic":"a"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","topic":"a"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"username","topic":"a"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":["a"]}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","payload_encode":"bad"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","formatter":"xml"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","start_at":"soon"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","end_at":"later"}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","end_at":-1}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","end_at":1}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","start_at":253402300800}""", "400 BAD_REQUEST")]
    [InlineData("""{"name":"t","type":"topic","topic":"a","start_at":253402300799}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"topic"}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"topic","topic":null}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"clientid","topic":"a"}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"topic","topic":"a/#/b"}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"t","type":"ip_address","ip_address":"nowhere"}""", "400 INVALID_PARAMS")]
    [InlineData("""{"name":"used","type":"topic","topic":"a"}""", "409 ALREADY_EXISTS")]
    [InlineData("""{"name":"t","type":"topic","topic":"used","start_at":1000}""", "409 DUPLICATE_CONDITION")]
    public async Task What_is_wrong_is_refused_and_nothing_is_made(string json, string failure)
    {
        (await Post("""{"name":"used","type":"topic","topic":"used","start_at":1000}""")).Dispose();
        using var answer = await Post(json);
        Assert.Equal(failure, await answer.FailureAsync());
        Assert.Single((await Get("")).EnumerateArray());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("a\\\\b")]
    [InlineData("a.log")]
    [InlineData("a b")]
    [InlineData("1a")]
    [InlineData("é")]
    [InlineData("a\\n")]
    [InlineData("")]
    public async Task A_name_is_a_name_and_no_path(string name)
    {
        using var answer = await Post($$"""{"name":"{{name}}","type":"topic","topic":"x"}""");
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("%2E%2E%2F%2E%2E%2Fetc%2Fpasswd")]
    [InlineData("a.log")]
    [InlineData("a%0A")]
    [InlineData("1a")]
    public async Task A_name_in_a_path_is_no_path(string name)
    {
        Assert.Equal("400 BAD_REQUEST", await (await _client.GetAsync($"{Path}/{name}/log")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await _client.GetAsync($"{Path}/{name}/log_detail")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await _client.GetAsync($"{Path}/{name}/download")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await _client.PutAsync($"{Path}/{name}/stop", null)).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await _client.DeleteAsync($"{Path}/{name}")).FailureAsync());
    }

    [Theory]
    [InlineData("DELETE", "/no")]
    [InlineData("PUT", "/no/stop")]
    [InlineData("GET", "/no/log")]
    [InlineData("GET", "/no/log_detail")]
    [InlineData("GET", "/no/download")]
    public async Task An_unknown_trace_is_not_found(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Path + path);
        using var answer = await _client.SendAsync(request);
        Assert.Equal("404 NOT_FOUND", await answer.FailureAsync());
        Assert.Equal("no NOT FOUND", await answer.MessageAsync());
    }

    [Fact]
    public async Task A_log_is_read_piece_by_piece_and_described()
    {
        await Make();
        Assert.Equal("""{"items":"","meta":{"bytes":1000,"position":5}}""", (await Get("/t/log?position=5")).ToString());
        await Publish("x", "payload-in-trace");
        var whole = await Get("/t/log?bytes=1000000");
        var text = whole.GetProperty("items").GetString()!;
        Assert.Contains("payload-in-trace", text, StringComparison.Ordinal);
        Assert.Equal(text.Length, whole.GetProperty("meta").GetProperty("position").GetInt64());
        var piece = await Get($"/t/log?position=3&bytes=7&node={Node}");
        Assert.Equal((text[3..10], 10), (piece.GetProperty("items").GetString(), piece.GetProperty("meta").GetProperty("position").GetInt32()));
        Assert.Equal($$$"""{"items":"","meta":{"bytes":1000,"position":{{{text.Length}}}}}""", (await Get("/t/log?position=100000")).ToString());

        var file = (await Get("/t/log_detail")).EnumerateArray().Single();
        Assert.Equal((Node, text.Length), (file.GetProperty("node").GetString(), file.GetProperty("size").GetInt32()));
        Assert.True(file.GetProperty("mtime").GetInt64() > 0);
        Assert.Equal(text.Length, (await Get(""))[0].GetProperty("log_size").GetProperty(Node).GetInt32());
    }

    [Theory]
    [InlineData("bytes=1000000000000", "400 BAD_REQUEST")]
    [InlineData("bytes=-1", "400 BAD_REQUEST")]
    [InlineData("bytes=x", "400 BAD_REQUEST")]
    [InlineData("position=x", "400 BAD_REQUEST")]
    [InlineData("node=unknown_node", "404 NOT_FOUND")]
    [InlineData("node=undefined", "404 NOT_FOUND")]
    public async Task What_is_asked_of_a_log_is_checked(string query, string failure)
    {
        await Make();
        Assert.Equal(failure, await (await _client.GetAsync($"{Path}/t/log?{query}")).FailureAsync());
    }

    [Fact]
    public async Task Logs_are_downloaded_as_a_zip()
    {
        await Make();
        Assert.Equal("404 NOT_FOUND", await (await _client.GetAsync($"{Path}/t/download")).FailureAsync());
        Assert.Equal("404 NOT_FOUND", await (await _client.GetAsync($"{Path}/t/download?node=unknown_node")).FailureAsync());
        await Publish("x", "payload-in-trace");
        foreach (var query in new[] { "", $"?node={Node}" })
        {
            using var answer = await _client.GetAsync($"{Path}/t/download{query}");
            Assert.Equal("application/x-zip", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("attachment; filename=t.zip", answer.Content.Headers.ContentDisposition!.ToString());
            using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync());
            var entry = Assert.Single(archive.Entries);
            Assert.Matches($@"^{Node}-trace_t_\d\d\d\d-\d\d-\d\d\.log$", entry.FullName);
            using var reader = new StreamReader(entry.Open());
            Assert.Contains("payload-in-trace", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }
}
