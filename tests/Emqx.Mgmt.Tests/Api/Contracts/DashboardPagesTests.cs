using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Whole;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Contracts;

/// <summary>What EMQX's own Dashboard asks for when its pages open: each call answers 200, with the fields that the real server's answers have.</summary>
public sealed class DashboardPagesTests
{
    private const string Node = "/nodes/emqx%40127.0.0.1";
    private const string NodeFields = "node node_status role version edition uptime connections live_connections cluster_sessions load1 load5 load15 memory_total memory_used max_fds "
        + "process_available process_used otp_release sys_path log_path";
    private const string ClientFields = "clientid username connected connected_at created_at ip_address port keepalive clean_start expiry_interval node proto_name proto_ver mountpoint is_bridge "
        + "subscriptions_cnt subscriptions_max inflight_cnt inflight_max mqueue_len mqueue_max mqueue_dropped awaiting_rel_cnt awaiting_rel_max recv_msg recv_pkt recv_oct recv_cnt send_msg "
        + "send_pkt send_oct send_cnt heap_size reductions mailbox_len enable_authn listener durable client_attrs";
    private const string SampleFields = "connections live_connections subscriptions topics received sent dropped";

    /// <summary>The call, where its fields stand (a name with [] for each item of a list), and their names.</summary>
    private static readonly (string Call, string Where, string Fields)[] s_calls =
    [
        ("/nodes", "[]", NodeFields),
        (Node, "", NodeFields),
        (Node + "/stats", "", "connections.count connections.max live_connections.count topics.count subscriptions.count subscriptions.shared.count retained.count delayed.count sessions.count"),
        ("/monitor_current", "", "connections live_connections topics subscriptions retained_msg_count shared_subscriptions received_msg_rate sent_msg_rate dropped_msg_rate"),
        ("/monitor?latest=3600", "[]?", SampleFields),
        ("/stats", "[]", "node connections.count topics.count subscriptions.count retained.count"),
        ("/metrics?aggregate=true", "", "bytes.received packets.received messages.received messages.dropped client.connect session.created authorization.allow"),
        ("/telemetry/status", "", "enable"),
        ("/clients_v2?limit=20&fields=clientid%2Cusername%2Cconnected%2Cip_address%2Cport%2Ckeepalive%2Cclean_start%2Cexpiry_interval%2Cconnected_at", "data[]",
            "clientid username connected ip_address port keepalive clean_start expiry_interval connected_at"),
        ("/clients/c1", "", ClientFields),
        ("/subscriptions?limit=20&page=1", "meta", "page limit hasnext"),
        ("/topics?limit=20&page=1", "meta", "page limit hasnext"),
        ("/mqtt/retainer/messages?limit=20&page=1", "data[]", "msgid topic qos publish_at from_clientid from_username"),
        ("/mqtt/retainer/messages?limit=20&page=1", "meta", "page limit count hasnext"),
        ("/mqtt/retainer", "", "enable backend max_payload_size msg_clear_interval msg_expiry_interval stop_publish_clear_msg delivery_rate max_publish_rate allow_never_expire msg_expiry_interval_override"),
        ("/mqtt/retainer", "backend", "type storage_type max_retained_messages enable"),
        ("/users", "[]", "username description"),
        ("/banned?limit=20&page=1", "data[]", "as who by reason at until"),
        ("/banned?limit=20&page=1", "meta", "page limit count"),
        ("/authentication", "[]", "id mechanism backend enable"),
        ("/authentication/" + FilledServer.Authenticator, "", "id mechanism backend enable user_id_type password_hash_algorithm"),
        ("/authentication/" + FilledServer.Authenticator + "/status", "", "status metrics node_status node_metrics node_error resource_metrics node_resource_metrics"),
        ("/authentication/" + FilledServer.Authenticator + "/status", "node_metrics[].metrics", "total success failed nomatch rate rate_last5m rate_max"),
        ("/authentication/" + FilledServer.Authenticator + "/users?limit=20&page=1", "data[]", "user_id is_superuser"),
        ("/authorization/sources", "sources[]", "type enable"),
        ("/authorization/sources/built_in_database", "", "type enable max_rules"),
        ("/authorization/sources/built_in_database/status", "", "status metrics node_status node_metrics node_error resource_metrics node_resource_metrics"),
        ("/authorization/sources/file/status", "metrics", "total allow deny ignore nomatch rate rate_last5m rate_max"),
        ("/authorization/sources/file/status", "node_metrics[].metrics", "total allow deny ignore nomatch rate rate_last5m rate_max"),
        ("/authorization/settings", "", "no_match deny_action cache"),
        ("/authorization/sources/built_in_database/rules/users?limit=20&page=1", "data[]", "username rules"),
        ("/authorization/sources/built_in_database/rules/clients?limit=20&page=1", "data[]", "clientid rules"),
        ("/gateways", "[]", "name status"),
        ("/gateways/stomp", "", "name status"),
        ("/api_key", "[]", "name api_key desc enable expired expired_at created_at"),
        ("/plugins", "[]?", "name"),
        ("/exhooks", "[]?", "name"),
        ("/listeners", "[]", "id type name bind acceptors enable number status node_status"),
        ("/listeners", "[].status", "running current_connections max_connections"),
        ("/configs/global_zone", "", "mqtt flapping_detect force_gc force_shutdown durable_sessions"),
        ("/configs/global_zone", "mqtt", "idle_timeout max_packet_size max_clientid_len max_topic_levels max_qos_allowed max_topic_alias retain_available wildcard_subscription shared_subscription "
            + "exclusive_subscription shared_subscription_strategy session_expiry_interval message_expiry_interval max_awaiting_rel await_rel_timeout max_inflight retry_interval max_mqueue_len "
            + "mqueue_priorities mqueue_default_priority mqueue_store_qos0 max_subscriptions upgrade_qos keepalive_multiplier keepalive_check_interval server_keepalive response_information "
            + "strict_mode ignore_loop_deliver use_username_as_clientid peer_cert_as_username peer_cert_as_clientid client_attrs_init clientid_override"),
        ("/configs/global_zone", "force_shutdown", "enable max_mailbox_size max_heap_size"),
        ("/configs/global_zone", "durable_sessions", "enable batch_size heartbeat_interval idle_poll_interval message_retention_period session_gc_interval session_gc_batch_size"),
        ("/configs/sys_topics", "", "sys_msg_interval sys_heartbeat_interval sys_event_messages"),
        ("/configs/sys_topics", "sys_event_messages", "client_connected client_disconnected client_subscribed client_unsubscribed"),
        ("/configs/log", "", "console file throttling"),
        ("/configs/log", "console", "enable level formatter time_offset timestamp_format payload_encode"),
        ("/configs/log", "file.default", "enable level path formatter rotation_count rotation_size time_offset timestamp_format payload_encode"),
        ("/trace", "[]", "name type topic start_at end_at status payload_encode formatter log_size"),
        ("/trace/t1/log_detail", "[]", "mtime node size"),
        ("/trace/t1/log?position=0&bytes=51200&node=emqx%40127.0.0.1", "meta", "position bytes"),

        // Pages that are opened from within others.
        ("/mqtt/delayed", "", "enable max_delayed_messages"),
        ("/mqtt/delayed/messages?limit=20&page=1", "data[]", "msgid node topic qos publish_at delayed_interval delayed_remaining expected_at from_clientid from_username"),
        ("/mqtt/topic_metrics", "[]", "topic create_time metrics"),
        ("/mqtt/topic_rewrite", "[]", "action source_topic re dest_topic"),
        ("/mqtt/auto_subscribe", "[]", "topic qos nl rap rh"),
        ("/slow_subscriptions/settings", "", "enable threshold expire_interval top_k_num stats_type"),
        ("/slow_subscriptions?limit=1000&page=1", "data[]?", "clientid topic timespan node last_update_time"),
        ("/alarms?activated=true&limit=20&page=1", "data[]", "name node message details activate_at duration"),
        ("/alarms?activated=false&limit=20&page=1", "data[]", "name node message details activate_at deactivate_at duration"),
        ("/data/files?limit=20&page=1", "meta", "page limit count hasnext"),
        ("/prometheus", "", "enable_basic_auth push_gateway collectors"),
        ("/prometheus", "push_gateway", "url interval headers job_name"),
    ];

    /// <summary>Calls whose operations are not served yet; who serves one moves it to the list above.</summary>
    private static readonly string[] s_later = ["/connectors", "/actions", "/rules?page=1&limit=1000", "/rule_events", "/actions_summary", "/sources_summary"];

    [Fact]
    public async Task Every_page_finds_what_it_reads()
    {
        await using var api = await FilledServer.StartAsync();
        await FilledServer.FillAsync(api);
        foreach (var (call, where, fields) in s_calls)
        {
            var place = $"{call} {where}";
            var rows = RowsOf(await api.GetAsync(call), where, place).ToList();
            Assert.True(rows.Count > 0 || where.EndsWith('?'), $"{place}: there is something");
            foreach (var row in rows)
                Assert.All(fields.Split(' '), field => Assert.True(row.TryGetProperty(field, out _), $"{place}: {field}"));
        }
    }

    [Theory]
    [InlineData("hotconf", "Hot Conf Schema")]
    [InlineData("actions", "Actions and Sources Schema")]
    [InlineData("connectors", "Connectors Schema")]
    [InlineData("bridges", "Data Bridge Schema")]
    public async Task Forms_are_made_from_schemas_that_need_no_token(string name, string title)
    {
        await using var api = await FilledServer.StartAsync();
        api.Http.DefaultRequestHeaders.Authorization = null;
        var schema = await api.GetAsync($"/schemas/{name}");
        Assert.Equal(title, schema.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Object, schema.GetProperty("components").GetProperty("schemas").ValueKind);
        Assert.NotEmpty(schema.GetProperty("paths").EnumerateObject());
    }

    [Fact]
    public async Task A_login_is_not_disturbed_by_the_token_that_the_page_does_not_have_yet()
    {
        await using var api = await FilledServer.StartAsync();
        api.Http.DefaultRequestHeaders.Authorization = new("Bearer", "undefined");
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/login", """{"username":"admin","password":"public"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var login = JsonDocument.Parse(body).RootElement;
        Assert.NotEmpty(login.GetProperty("token").GetString()!);
        Assert.Equal("ce", login.GetProperty("license").GetProperty("edition").GetString());
    }

    [Fact]
    public async Task What_is_not_served_yet_is_known()
    {
        await using var api = await FilledServer.StartAsync();
        foreach (var call in s_later)
            Assert.Equal((call, HttpStatusCode.NotFound), (call, (await api.SendAsync(HttpMethod.Get, call)).Status));
    }

    private static IEnumerable<JsonElement> RowsOf(JsonElement answer, string where, string place)
    {
        IEnumerable<JsonElement> rows = [answer];
        foreach (var step in where.TrimEnd('?').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Replace("[]", "", StringComparison.Ordinal);
            if (name.Length > 0)
                rows = rows.Select(row => row.TryGetProperty(name, out var inner) ? inner : throw new InvalidOperationException($"{place}: {name}"));
            if (step.EndsWith("[]", StringComparison.Ordinal))
                rows = rows.SelectMany(static row => row.EnumerateArray());
        }

        return rows;
    }
}
