using System.Text.Json;
using Emqx.Broker.Clients;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>GET /clients and /clients_v2: rows, fields, filters, pages and cursors.</summary>
public sealed class ClientListTests : IDisposable
{
    private const string EveryField =
        "auth_expire_at awaiting_rel_cnt awaiting_rel_max clean_start client_attrs clientid connected connected_at created_at durable enable_authn "
        + "expiry_interval heap_size inflight_cnt inflight_max ip_address is_bridge is_expired is_persistent keepalive listener mailbox_len mountpoint "
        + "mqueue_dropped mqueue_len mqueue_max node peersni port proto_name proto_ver recv_cnt recv_msg recv_msg.dropped "
        + "recv_msg.dropped.await_pubrel_timeout recv_msg.qos0 recv_msg.qos1 recv_msg.qos2 recv_oct recv_pkt reductions send_cnt send_msg "
        + "send_msg.dropped send_msg.dropped.expired send_msg.dropped.queue_full send_msg.dropped.too_large send_msg.qos0 send_msg.qos1 "
        + "send_msg.qos2 send_oct send_pkt subscriptions_cnt subscriptions_max username";

    private readonly EmqxApp _app = new();
    private readonly HttpClient _http;

    public ClientListTests() => _http = _app.WithKey();

    public void Dispose()
    {
        _http.Dispose();
        _app.Dispose();
    }

    private ClientTable Table => _app.Services.GetRequiredService<ClientTable>();

    private void Add(params FakeClient[] clients)
    {
        foreach (var client in clients)
            Table.Add(client);
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        using var answer = await _http.GetAsync("/api/v5/" + query);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        return await answer.JsonAsync();
    }

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await GetAsync(query)).GetProperty("data").EnumerateArray().Select(row => row.GetProperty("clientid").GetString()!)];

    [Fact]
    public async Task A_connected_client_has_every_field_and_no_other()
    {
        Add(new FakeClient("c", connectedAt: 1_795_375_379_395));
        var row = (await GetAsync("clients")).GetProperty("data")[0];
        Assert.Equal(EveryField.Split(' '), row.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("username").ValueKind);
        Assert.Equal("infinity", row.GetProperty("subscriptions_max").GetString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_795_375_379_395), row.GetProperty("connected_at").GetDateTimeOffset());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$", row.GetProperty("created_at").GetString());
    }

    [Fact]
    public async Task One_client_looks_like_its_row()
    {
        Add(new FakeClient("a/b c", "ann"));
        var row = (await GetAsync("clients")).GetProperty("data")[0];
        Assert.True(JsonElement.DeepEquals(row, await GetAsync("clients/a%2Fb%20c")));
        using var unknown = await _http.GetAsync("/api/v5/clients/nobody");
        Assert.Equal("{\"code\":\"CLIENTID_NOT_FOUND\",\"message\":\"Client ID not found\"}", await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_is_away_tells_since_when()
    {
        var away = new FakeClient("a") { IsConnected = false, DisconnectedAt = 1_795_375_379_000, ExpiryInterval = 60 };
        Add(away);
        Table.Disconnect(away);
        var row = (await GetAsync("clients?conn_state=disconnected")).GetProperty("data")[0];
        Assert.Equal(EveryField.Split(' ').Length + 2, row.EnumerateObject().Count());
        Assert.Equal(1_795_375_379_000, row.GetProperty("disconnected_at").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(JsonValueKind.Object, row.GetProperty("disconn_props").ValueKind);
    }

    [Theory]
    [InlineData("a\"b\\c")]
    [InlineData("line\nfeed\u0001")]
    [InlineData("测 \U0001F600 é")]
    [InlineData("half \ud83d pair")]
    public async Task Odd_characters_come_back_as_they_are(string name)
    {
        Add(new FakeClient(name, name));
        var row = (await GetAsync("clients")).GetProperty("data")[0];
        Assert.Equal(name.Replace('\ud83d', name.Contains("half", StringComparison.Ordinal) ? '\uFFFD' : '\ud83d'), row.GetProperty("clientid").GetString());
    }

    [Fact]
    public async Task Fields_selects_fields_and_all_is_all()
    {
        Add(new FakeClient("c", "u"));
        Assert.Equal("""{"data":[{"clientid":"c","username":"u"}],"meta":{"page":1,"limit":100,"count":1,"hasnext":false}}""",
            (await GetAsync("clients?fields=clientid,username")).GetRawText());
        Assert.Equal("""[{"connected":true,"proto_ver":5}]""", (await GetAsync("clients?fields=connected,proto_ver")).GetProperty("data").GetRawText());
        Assert.Equal("[{}]", (await GetAsync("clients?fields=n_streams")).GetProperty("data").GetRawText());
        Assert.Equal((await GetAsync("clients")).GetRawText(), (await GetAsync("clients?fields=all")).GetRawText());
        Assert.Equal((await GetAsync("clients_v2")).GetRawText(), (await GetAsync("clients_v2?fields=clientid")).GetRawText());
    }

    [Theory]
    [InlineData("clients"), InlineData("subscriptions"), InlineData("topics"), InlineData("banned"), InlineData("alarms")]
    public async Task A_page_beyond_all_numbers_is_empty(string list)
    {
        Add(new FakeClient("c", "u"));
        foreach (var page in (string[])["2147483647", "2147483648", "99999999999", "9223372036854775807", "9999999999999999999999999999"])
        {
            foreach (var limit in (int[])[1, 10_000])
            {
                var answer = await GetAsync($"{list}?page={page}&limit={limit}");
                Assert.Equal(0, answer.GetProperty("data").GetArrayLength());
                Assert.Equal(decimal.Min(decimal.Parse(page, System.Globalization.CultureInfo.InvariantCulture), long.MaxValue), answer.GetProperty("meta").GetProperty("page").GetDecimal());
            }
        }
    }

    [Theory]
    [InlineData("fields=nope", "BAD_REQUEST")]
    [InlineData("fields=all,clientid", "BAD_REQUEST")]
    [InlineData("fields=clientid,", "BAD_REQUEST")]
    [InlineData("ip_address=1.2.3.4:5", "INVALID_PARAMETER")]
    [InlineData("ip_address=[::1]:80", "INVALID_PARAMETER")]
    [InlineData("ip_address=", "INVALID_PARAMETER")]
    [InlineData("proto_ver=five", "INVALID_PARAMETER")]
    [InlineData("conn_state=asleep", "BAD_REQUEST")]
    [InlineData("clean_start=1", "BAD_REQUEST")]
    [InlineData("gte_created_at=yesterday", "BAD_REQUEST")]
    [InlineData("lte_connected_at=-1", "BAD_REQUEST")]
    [InlineData("page=0", "BAD_REQUEST")]
    [InlineData("limit=10001", "BAD_REQUEST")]
    [InlineData("limit=x", "BAD_REQUEST")]
    public async Task Bad_parameters_are_refused(string query, string code)
    {
        using var answer = await _http.GetAsync("/api/v5/clients?" + query);
        Assert.Equal("400 " + code, await answer.FailureAsync());
    }

    [Fact]
    public async Task A_node_that_nobody_knows_is_down()
    {
        using var answer = await _http.GetAsync("/api/v5/clients?node=emqx@nowhere");
        Assert.Equal("500 NODE_DOWN", await answer.FailureAsync());
    }

    [Fact]
    public async Task Parameters_select_clients()
    {
        Add(new FakeClient("a", "u1", "10.0.0.1", version: 4, connectedAt: 1000), new FakeClient("b", "u2", "10.0.0.2", connectedAt: 2000),
            new FakeClient("c", "u2", "::1", cleanStart: false, connectedAt: 3000));
        Assert.Equal(["c", "a"], await IdsAsync("clients?clientid=a&clientid=c&clientid=x"));
        Assert.Equal(["c", "b", "a"], await IdsAsync("clients?username=u1&username=u2"));
        Assert.Equal(["b"], await IdsAsync("clients?like_username=u2&like_clientid=b"));
        Assert.Equal(["a"], await IdsAsync("clients?clientid=a&like_clientid=zzz"));
        Assert.Equal(["c"], await IdsAsync("clients?ip_address=::1"));
        Assert.Equal(["a"], await IdsAsync("clients?proto_ver=4"));
        Assert.Equal(["c"], await IdsAsync("clients?clean_start=false"));
        Assert.Equal(["c", "b"], await IdsAsync("clients?gte_connected_at=2000"));
        Assert.Equal(["a"], await IdsAsync("clients?lte_created_at=1970-01-01T00:00:01.000Z"));
        Assert.Empty(await IdsAsync("clients?username="));
    }

    [Fact]
    public async Task A_search_by_part_of_a_name_has_no_count()
    {
        Add(new FakeClient("dev1"), new FakeClient("dev2"), new FakeClient("dev3"));
        var meta = (await GetAsync("clients?like_clientid=dev&limit=2")).GetProperty("meta").GetRawText();
        Assert.Equal("""{"page":1,"limit":2,"hasnext":true}""", meta);
    }

    [Fact]
    public async Task A_long_list_is_streamed_whole()
    {
        for (var i = 0; i < 3000; i++)
            Add(new FakeClient($"client-{i:0000}", "user"));
        using var answer = await _http.GetAsync("/api/v5/clients?limit=10000", HttpCompletionOption.ResponseHeadersRead);
        Assert.Null(answer.Content.Headers.ContentLength);
        var data = (await answer.JsonAsync()).GetProperty("data");
        Assert.Equal(3000, data.GetArrayLength());
        Assert.Equal("client-0000", data[2999].GetProperty("clientid").GetString());
        using var small = await _http.GetAsync("/api/v5/clients?limit=1");
        Assert.Equal((await small.Content.ReadAsByteArrayAsync()).Length, small.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_cursor_leads_through_all_clients_and_may_be_used_again()
    {
        for (var i = 0; i < 25; i++)
            Add(new FakeClient($"c{i:00}"));
        var seen = new List<string>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var step = await GetAsync("clients_v2?limit=10" + (cursor is null ? "" : "&cursor=" + cursor));
            Assert.Equal(step.GetRawText(), (await GetAsync("clients_v2?limit=10" + (cursor is null ? "" : "&cursor=" + cursor))).GetRawText());
            seen.AddRange(step.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("clientid").GetString()!));
            next = step.GetProperty("meta").TryGetProperty("cursor", out var more) ? more.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"c{24 - i:00}"), seen);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("!!!")]
    [InlineData("1")]
    [InlineData("")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        using var answer = await _http.GetAsync("/api/v5/clients_v2?cursor=" + cursor);
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Equal("bad cursor", await answer.MessageAsync());
    }

    [Fact]
    public async Task Sessions_are_counted()
    {
        Add(new FakeClient("a"), new FakeClient("b"));
        Assert.Equal(2, (await GetAsync("sessions_count")).GetInt64());
        using var bad = await _http.GetAsync("/api/v5/sessions_count?since=-1");
        Assert.Equal("400 BAD_REQUEST", await bad.FailureAsync());
    }
}
