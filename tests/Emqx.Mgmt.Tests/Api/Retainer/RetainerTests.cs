using System.Net;
using System.Text.Json;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Retainer;

/// <summary>Retained messages as the API shows and clears them, and the settings of what keeps them.</summary>
public sealed class RetainerTests
{
    private static async Task<NodeApi> StartAsync(params string[] topics)
    {
        var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Delete, "/mqtt/retainer/messages"); // what the node says of itself
        foreach (var topic in topics)
        {
            api.Time.Advance(TimeSpan.FromMilliseconds(1));
            await api.SendAsync(HttpMethod.Post, "/publish", $$"""{"topic":"{{topic}}","payload":"x","qos":1,"retain":true}""");
        }

        return api;
    }

    private static string Topics(JsonElement page) => string.Join(' ', page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("topic").GetString()));

    private static Task<(HttpStatusCode Status, string Body)> PutAsync(NodeApi api, string json) => api.SendAsync(HttpMethod.Put, "/mqtt/retainer", json);

    [Fact]
    public async Task The_settings_are_shown_whole()
    {
        await using var api = await StartAsync();
        var settings = await api.GetAsync("/mqtt/retainer");
        Assert.Equal("allow_never_expire backend delivery_rate enable max_payload_size max_publish_rate msg_clear_interval msg_expiry_interval "
            + "msg_expiry_interval_override stop_publish_clear_msg", string.Join(' ', settings.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal)));
        Assert.Equal("""{"type":"built_in_database","storage_type":"ram","max_retained_messages":0,"index_specs":[[1,2,3],[1,3],[2,3],[3]],"enable":true}""",
            settings.GetProperty("backend").GetRawText());
    }

    [Fact]
    public async Task A_change_keeps_what_it_leaves_out_and_gives_parts_their_defaults()
    {
        await using var api = await StartAsync();
        var (status, body) = await PutAsync(api, """{"max_payload_size":"2MB","backend":{"type":"built_in_database","max_retained_messages":7}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(body, (await api.GetAsync("/mqtt/retainer")).GetRawText());
        var current = api.Services.GetRequiredService<SettingsRoot<RetainerSettings>>();
        Assert.Equal(new RetainerSettings { MaxPayloadSize = 2 << 20, MaxRetainedMessages = 7 }, current.Current);
        Assert.Equal((HttpStatusCode.OK, body), await PutAsync(api, "{}"));
        Assert.Equal((HttpStatusCode.OK, body), await PutAsync(api, body));
        await PutAsync(api, """{"msg_expiry_interval":"10m","deliver_rate":"infinity","backend":{"storage_type":"disc"},"max_publish_rate":"5/s"}""");
        Assert.Equal(new RetainerSettings { MaxPayloadSize = 2 << 20, MsgExpiryInterval = 600_000, DeliveryRate = -1, IsOnDisc = true }, current.Current);
    }

    [Theory]
    [InlineData("""{"enable":"x"}""", """{"value":"x","reason":"Unable to parse boolean value","path":"root.enable","kind":"validation_error"}""")]
    [InlineData("""{"nothing":1}""", """{"unmatched":"allow_never_expire,backend,...","unknown":"nothing","reason":"unknown_fields","path":"root","kind":"validation_error"}""")]
    [InlineData("""{"max_payload_size":"x"}""", """{"value":"x","reason":"Not a valid bytesize","path":"root.max_payload_size","kind":"validation_error"}""")]
    [InlineData("""{"backend":{"type":"x"}}""", """{"value":"x","reason":"Expected: built_in_database, got:x","path":"root.backend.type","kind":"validation_error"}""")]
    [InlineData("""{"msg_expiry_interval":"1x"}""", """{"value":"1x","reason":"Not a valid duration","path":"root.msg_expiry_interval","kind":"validation_error"}""")]
    [InlineData("""{"backend":{"max_retained_messages":-1}}""", """{"value":-1,"reason":{"expected":"non_neg_integer()"},"path":"root.backend.max_retained_messages","kind":"validation_error"}""")]
    [InlineData("""{"delivery_rate":"fast"}""", """{"value":"fast","reason":"fast","path":"root.delivery_rate","kind":"validation_error"}""")]
    [InlineData("""{"backend":{"index_specs":[[]]}}""", "non_empty_index_spec_limited")]
    [InlineData("""{"backend":{"index_specs":[[1,1]]}}""", "unique_index_spec_limited")]
    [InlineData("""{"backend":{"index_specs":[[1],[1]]}}""", "unique_index_spec_limited")]
    [InlineData("""{"backend":{"index_specs":[[0]]}}""", "pos_integer()")]
    [InlineData("[]", "")]
    public async Task Wrong_settings_are_refused_and_change_nothing(string json, string message)
    {
        await using var api = await StartAsync();
        var before = (await api.GetAsync("/mqtt/retainer")).GetRawText();
        Assert.Contains(message, await api.FailsAsync(HttpMethod.Put, "/mqtt/retainer", 400, "BAD_REQUEST", json), StringComparison.Ordinal);
        Assert.Equal(before, (await api.GetAsync("/mqtt/retainer")).GetRawText());
    }

    [Fact]
    public async Task The_only_backend_cannot_be_turned_off()
    {
        await using var api = await StartAsync();
        await api.FailsAsync(HttpMethod.Put, "/mqtt/retainer", 400, "UPDATE_FAILED", """{"backend":{"enable":false}}""");
        await api.FailsAsync(HttpMethod.Put, "/mqtt/retainer", 400, "BAD_REQUEST", """{"enable":"no_enabled_backend"}""");
    }

    [Fact]
    public async Task A_list_has_no_payloads_and_a_count_only_of_all()
    {
        await using var api = await StartAsync("b", "a/1", "a/2");
        var all = await api.GetAsync("/mqtt/retainer/messages?limit=2&page=1");
        Assert.Equal("b a/1", Topics(all));
        Assert.Equal("""{"page":1,"limit":2,"count":3,"hasnext":true}""", all.GetProperty("meta").GetRawText());
        var rest = await api.GetAsync("/mqtt/retainer/messages?limit=2&page=2");
        Assert.Equal(("a/2", false), (Topics(rest), rest.GetProperty("meta").GetProperty("hasnext").GetBoolean()));
        var some = await api.GetAsync("/mqtt/retainer/messages?topic=a/%2B");
        Assert.Equal("a/1 a/2", Topics(some));
        Assert.Equal("""{"page":1,"limit":100,"hasnext":false}""", some.GetProperty("meta").GetRawText());
        Assert.Equal("msgid topic qos publish_at from_clientid from_username", string.Join(' ', some.GetProperty("data")[0].EnumerateObject().Select(one => one.Name)));
        Assert.Equal("", Topics(await api.GetAsync("/mqtt/retainer/messages?topic=a")));
        Assert.Equal("", Topics(await api.GetAsync("/mqtt/retainer/messages?topic=")));
        Assert.Equal("", Topics(await api.GetAsync("/mqtt/retainer/messages?page=9223372036854775807&limit=10000")));
        var exact = await api.GetAsync("/mqtt/retainer/messages?topic=b&limit=1");
        Assert.Equal(("b", false), (Topics(exact), exact.GetProperty("meta").GetProperty("hasnext").GetBoolean()));
    }

    [Theory, InlineData("page=0"), InlineData("page=x"), InlineData("limit=0"), InlineData("limit=10001"), InlineData("limit=x")]
    public async Task Wrong_pages_are_refused(string query)
    {
        await using var api = await StartAsync();
        await api.FailsAsync(HttpMethod.Get, "/mqtt/retainer/messages?" + query, 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task One_message_is_shown_with_its_payload_and_who_has_published_it()
    {
        await using var api = await StartAsync("plain");
        await api.Services.GetRequiredService<IMessagePublisher>().PublishAsync(new Message
        {
            Topic = "a b/ü", TopicUtf8 = "a b/ü"u8.ToArray(), Payload = new byte[] { 0, 255 }, From = "c1", FromPeerHost = "10.0.0.1", PublishedAt = 0, Qos = 1, Retain = true,
        });
        var message = await api.GetAsync("/mqtt/retainer/message/a%20b%2F%C3%BC");
        Assert.Equal(("a b/ü", 1, "AP8=", "c1", "undefined"), (message.GetProperty("topic").GetString(), message.GetProperty("qos").GetInt32(),
            message.GetProperty("payload").GetString(), message.GetProperty("from_clientid").GetString(), message.GetProperty("from_username").GetString()));
        Assert.Equal(32, message.GetProperty("msgid").GetString()!.Length);
        Assert.StartsWith("1970-01-01T00:00:00.000", message.GetProperty("publish_at").GetString(), StringComparison.Ordinal);
        Assert.Equal("", (await api.GetAsync("/mqtt/retainer/message/plain")).GetProperty("from_username").GetString());
    }

    [Fact]
    public async Task A_payload_above_a_mebibyte_is_left_out()
    {
        await using var api = await StartAsync();
        await PutAsync(api, """{"max_payload_size":"2MB"}""");
        foreach (var (topic, length) in new[] { ("large", (1 << 20) + 1), ("small", 1 << 20) })
            await api.Services.GetRequiredService<IMessagePublisher>().PublishAsync(Message.Create(topic, new byte[length], "p", 1, retain: true));
        Assert.False((await api.GetAsync("/mqtt/retainer/message/large")).TryGetProperty("payload", out _));
        Assert.True((await api.GetAsync("/mqtt/retainer/message/small")).TryGetProperty("payload", out _));
    }

    [Fact]
    public async Task A_filter_shows_the_first_of_its_messages_and_deletes_them_all()
    {
        await using var api = await StartAsync("t/2", "t/1", "u");
        Assert.Equal("t/2", (await api.GetAsync("/mqtt/retainer/message/t%2F%23")).GetProperty("topic").GetString());
        await api.FailsAsync(HttpMethod.Get, "/mqtt/retainer/message/t%2F%2B%2Fx", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/mqtt/retainer/message/t%2F%2B")).Status);
        await api.FailsAsync(HttpMethod.Delete, "/mqtt/retainer/message/t%2F%2B", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/mqtt/retainer/message/u")).Status);
        Assert.Equal("""{"data":[],"meta":{"page":1,"limit":100,"count":0,"hasnext":false}}""", (await api.GetAsync("/mqtt/retainer/messages")).GetRawText());
    }

    [Theory, InlineData("%24share%2Fg%2Ft"), InlineData("a%2F%23%2Fb"), InlineData("%23a"), InlineData("%2B%2B")]
    public async Task What_is_no_topic_and_no_filter_selects_nothing(string topic)
    {
        await using var api = await StartAsync("t", "a/b");
        await api.FailsAsync(HttpMethod.Get, "/mqtt/retainer/message/" + topic, 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Delete, "/mqtt/retainer/message/" + topic, 404, "NOT_FOUND");
    }

    [Fact]
    public async Task Disabled_nothing_is_listed_found_or_deleted_and_all_is_there_again_afterwards()
    {
        await using var api = await StartAsync("t");
        await PutAsync(api, """{"enable":false}""");
        Assert.Equal("""{"data":[],"meta":{"page":1,"limit":100,"count":0,"hasnext":false}}""", (await api.GetAsync("/mqtt/retainer/messages")).GetRawText());
        await api.FailsAsync(HttpMethod.Get, "/mqtt/retainer/message/t", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Delete, "/mqtt/retainer/message/t", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/mqtt/retainer/messages")).Status);
        await PutAsync(api, """{"enable":true}""");
        Assert.Equal("t", Topics(await api.GetAsync("/mqtt/retainer/messages")));
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/mqtt/retainer/messages")).Status);
        await api.FailsAsync(HttpMethod.Get, "/mqtt/retainer/message/t", 404, "NOT_FOUND");
    }
}
