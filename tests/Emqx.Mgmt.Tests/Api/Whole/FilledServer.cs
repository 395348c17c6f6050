using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Modules.Alarms;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Tests.Api.Nodes;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Whole;

/// <summary>A server with something in everything that it keeps; its clock stands still, so that what it shows changes by requests alone.</summary>
internal static class FilledServer
{
    public const string Client = "c1";
    public const string User = "ann";
    public const string Key = "ci";
    public const string Trace = "t1";
    public const string Listener = "tcp:other";
    public const string Retained = "kept/a";
    public const string Measured = "m/a";
    public const string Authenticator = "password_based:built_in_database";
    public const string Authenticated = "bob";
    private const string Rules = "/authorization/sources/built_in_database/rules/";

    /// <summary>What makes it, through the API: method, path and body.</summary>
    private static readonly (string Method, string Path, string Body)[] s_kept =
    [
        ("POST", "/banned", """{"as":"clientid","who":"mallory","reason":"trouble"}"""),
        ("POST", "/banned", """{"as":"username_re","who":"^evil","until":"2999-01-01T00:00:00Z"}"""),
        ("POST", "/api_key", $$"""{"name":"{{Key}}","desc":"builds","enable":true}"""),
        ("POST", "/users", $$"""{"username":"{{User}}","password":"Passw0rd!","description":"x"}"""),
        ("POST", "/publish", $$$"""{"topic":"{{{Retained}}}","payload":"x","qos":1,"retain":true,"properties":{"content_type":"text","message_expiry_interval":9999}}"""),
        ("POST", "/publish", """{"topic":"$delayed/3600/later/a","payload":"first","qos":1,"properties":{"user_properties":{"a":"b"}}}"""),
        ("POST", "/publish", """{"topic":"$delayed/7200/later/b","payload":"second","retain":true}"""),
        ("POST", "/listeners", """{"type":"tcp","name":"other","bind":"127.0.0.1:11883","max_connections":7}"""),
        ("POST", "/trace", $$"""{"name":"{{Trace}}","type":"topic","topic":"a/#"}"""),
        ("POST", "/mqtt/topic_metrics", $$"""{"topic":"{{Measured}}"}"""),
        ("PUT", "/mqtt/auto_subscribe", """[{"topic":"t/${clientid}","qos":1}]"""),
        ("PUT", "/mqtt/topic_rewrite", """[{"action":"publish","source_topic":"old/#","re":"^old/(.+)$","dest_topic":"new/$1"}]"""),
        ("PUT", "/mqtt/delayed", """{"max_delayed_messages":9}"""),
        ("PUT", "/mqtt/retainer", """{"max_payload_size":"2MB"}"""),
        ("PUT", "/slow_subscriptions/settings", """{"enable":true,"threshold":"300ms"}"""),
        ("PUT", "/prometheus", """{"push_gateway":{"url":"http://127.0.0.1:9/","job_name":"mine"}}"""),
        ("POST", "/authentication", """{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"sha256","salt_position":"suffix"}}"""),
        ("POST", "/authentication/" + Authenticator + "/users", $$"""{"user_id":"{{Authenticated}}","password":"secret","is_superuser":true}"""),
        ("PUT", "/authorization/settings", """{"no_match":"deny","deny_action":"ignore","cache":{"enable":true,"max_size":64,"ttl":"2m","excludes":["x/#"]}}"""),
        ("POST", "/authorization/sources", """{"type":"built_in_database","enable":true}"""),
        ("POST", "/authorization/sources/built_in_database/move", """{"position":"rear"}"""), // imports add behind what is there, as in EMQX
        ("POST", Rules + "users", $$"""[{"username":"{{User}}","rules":[{"topic":"a/#","permission":"allow","action":"publish"}]}]"""),
        ("POST", Rules + "clients", $$"""[{"clientid":"{{Client}}","rules":[{"topic":"eq +/b","permission":"deny","action":"all","qos":[1],"retain":true}]}]"""),
        ("POST", Rules + "all", """{"rules":[{"topic":"t/${clientid}","permission":"allow","action":"subscribe"}]}"""),
        ("PUT", "/configs/alarm", """{"size_limit":77}"""),
        ("PUT", "/configs/broker", """{"session_history_retain":"1h"}"""),
        ("PUT", "/configs/sys_topics", """{"sys_msg_interval":"2m"}"""),
        ("PUT", "/configs/sysmon", """{"os":{"cpu_high_watermark":"81%"}}"""),
        ("PUT", "/configs/dashboard", """{"token_expired_time":"61m"}"""),
    ];

    /// <summary>Starts a server in which passwords are hashed fast.</summary>
    public static Task<NodeApi> StartAsync(string dataFolder = ":memory:") =>
        NodeApi.StartAsync(static services => services.Replace(ServiceDescriptor.Singleton(new PasswordRounds(1_000))), dataFolder);

    /// <summary>Fills an empty server.</summary>
    public static async Task FillAsync(NodeApi api)
    {
        foreach (var (method, path, body) in s_kept)
        {
            var (status, answer) = await api.SendAsync(new HttpMethod(method), path, body);
            Assert.True((int)status is >= 200 and < 300, $"{method} {path}: {(int)status} {answer}");
        }

        using var texts = Answers.Json("mqtt.max_topic_alias = 9\nflapping_detect.enable = true\nconn_congestion.enable_alarm = false", "text/plain");
        using var changed = await api.Http.PutAsync("/api/v5/configs", texts);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        var alarms = api.Services.GetRequiredService<IAlarmControl>();
        await alarms.ActivateAsync("past", "{}", "over", CancellationToken.None);
        await alarms.DeactivateAsync("past", CancellationToken.None);
        await alarms.ActivateAsync("high_cpu_usage", "{}", "busy", CancellationToken.None);
        api.Services.GetRequiredService<ClientTable>().Add(new FakeClient(Client, User));
    }
}
