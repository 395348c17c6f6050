using System.Net;
using System.Text;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Mgmt.Tests.Answers;

namespace Emqx.Mgmt.Tests.Api.Publish;

/// <summary>POST /publish and /publish/bulk: what becomes of a request, and what is answered.</summary>
public sealed class PublishTests : IDisposable
{
    /// <summary>Topic "none" has no subscriber, "broken" one that takes nothing.</summary>
    private sealed class Publisher : IMessagePublisher
    {
        public List<Message> Messages { get; } = [];

        public void Publish(Message message) => Messages.Add(message);

        public async ValueTask<int> PublishAsync(Message message)
        {
            await Task.Yield();
            Publish(message);
            return message.Topic switch { "none" => 0, "broken" => -1, _ => 1 };
        }
    }

    private readonly Publisher _publisher = new();
    private readonly EmqxApp _app;
    private readonly HttpClient _http;

    public PublishTests()
    {
        _app = new EmqxApp { With = services => services.AddSingleton<IMessagePublisher>(_publisher) };
        _http = _app.WithKey();
    }

    public void Dispose()
    {
        _http.Dispose();
        _app.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync("/api/v5/" + path, Json(body));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_message_is_published_as_asked_for()
    {
        const string request = """
            {"topic":"t","payload":"aGVsbG8=","payload_encoding":"base64","qos":"2","retain":"true","clientid":"x","properties":{"payload_format_indicator":1,
             "message_expiry_interval":60,"response_topic":"re","correlation_data":"id","content_type":"text","user_properties":{"a":"1"}}}
            """;
        var (status, body) = await PostAsync("publish", request);
        var message = Assert.Single(_publisher.Messages);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($$"""{"id":"{{message.Id}}"}""", body);
        Assert.Equal(("t", "hello", (byte)2, true, "http_api"), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Qos, message.Retain, message.From));
        Assert.Equal(60_000, message.ExpiresAt - message.PublishedAt);
        Assert.Equal([1, 1, 3, 0, 4, .. "text"u8, 8, 0, 2, .. "re"u8, 9, 0, 2, .. "id"u8, 0x26, 0, 1, .. "a"u8, 0, 1, .. "1"u8], message.Properties);
    }

    [Theory]
    [InlineData("{\"topic\":\"none\",\"payload\":\"\"}", 202, "{\"reason_code\":16,\"message\":\"no_matching_subscribers\"}")]
    [InlineData("{\"topic\":\"broken\",\"payload\":\"\"}", 503, "{\"reason_code\":131,\"message\":\"failed_to_dispatch\"}")]
    [InlineData("{\"topic\":\"a/+\",\"payload\":\"\"}", 400, "{\"reason_code\":144,\"message\":\"topic_name_invalid\"}")]
    [InlineData("{\"topic\":\"\",\"payload\":\"\"}", 400, "{\"reason_code\":144,\"message\":\"topic_name_invalid\"}")]
    [InlineData("{\"topic\":\"#\",\"payload\":\"!\",\"payload_encoding\":\"base64\"}", 400, "{\"reason_code\":131,\"message\":\"failed_to_decode_base64_payload\"}")]
    public async Task What_became_of_a_message_is_told_as_mqtt_does(string request, int status, string answer) =>
        Assert.Equal(((HttpStatusCode)status, answer), await PostAsync("publish", request));

    [Fact]
    public async Task Messages_larger_than_a_packet_are_refused()
    {
        const string refused = "{\"reason_code\":151,\"message\":\"packet_too_large\"}";
        Assert.Equal((HttpStatusCode.BadRequest, refused), await PostAsync("publish", $$"""{"topic":"a","payload":"{{new string('x', 1 << 20)}}"}"""));
        Assert.Equal((HttpStatusCode.BadRequest, refused),
            await PostAsync("publish", $$$"""{"topic":"a","payload":"","properties":{"content_type":"{{{new string('x', 70_000)}}}"}}"""));
        Assert.Empty(_publisher.Messages);
    }

    [Theory]
    [InlineData("{\"topic\":\"a\"}")]
    [InlineData("{\"payload\":\"a\"}")]
    [InlineData("{\"topic\":\"a\",\"payload\":null}")]
    [InlineData("{\"topic\":\"a\",\"payload\":{}}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"qos\":3}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"retain\":\"yes\"}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"payload_encoding\":\"hex\"}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"properties\":{\"payload_format_indicator\":2}}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"properties\":{\"message_expiry_interval\":\"soon\"}}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"properties\":{\"nosuch\":1}}")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\",\"nosuch\":1}")]
    [InlineData("[]")]
    public async Task Bodies_are_checked(string request)
    {
        var (status, body) = await PostAsync("publish", request);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("\"code\":\"BAD_REQUEST\"", body, StringComparison.Ordinal);
        Assert.Empty(_publisher.Messages);
    }

    [Fact]
    public async Task A_batch_answers_for_each_message_and_with_the_worst_status()
    {
        var (status, body) = await PostAsync("publish/bulk", "[{\"topic\":\"a\",\"payload\":\"1\"},{\"topic\":\"none\",\"payload\":\"2\"},{\"topic\":\"b\",\"payload\":3}]");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal($$"""[{"id":"{{_publisher.Messages[0].Id}}"},{"reason_code":16,"message":"no_matching_subscribers"},{"id":"{{_publisher.Messages[2].Id}}"}]""", body);
        Assert.Equal(["a", "none", "b"], _publisher.Messages.Select(message => message.Topic));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("publish/bulk", "[{\"topic\":\"a\",\"payload\":\"1\"}]")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync("publish/bulk", "[{\"topic\":\"none\",\"payload\":\"\"},{\"topic\":\"broken\",\"payload\":\"\"}]")).Status);
    }

    [Fact]
    public async Task One_bad_message_keeps_the_batch_back()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "{\"reason_code\":144,\"message\":\"topic_name_invalid\"}"),
            await PostAsync("publish/bulk", "[{\"topic\":\"a\",\"payload\":\"1\"},{\"topic\":\"+\",\"payload\":\"2\"}]"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("publish/bulk", "[{\"topic\":\"a\",\"payload\":\"1\"},{\"topic\":\"a\"}]")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("publish/bulk", "[]")).Status);
        Assert.Empty(_publisher.Messages);
    }

    [Fact]
    public async Task Messages_are_counted_as_received()
    {
        var counters = _app.Services.GetRequiredService<Counters>();
        await PostAsync("publish", "{\"topic\":\"a\",\"payload\":\"\",\"qos\":1}");
        Assert.Equal((1, 1), (counters.Read(Metric.MessagesReceived), counters.Read(Metric.MessagesQos1Received)));
    }
}
