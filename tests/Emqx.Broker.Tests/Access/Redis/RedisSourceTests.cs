using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Redis;

/// <summary>Clients whose rules are in a real Redis.</summary>
public sealed class RedisSourceTests
{
    private static readonly StructKind s_kind = AuthorizationRoot.TableOf(AuthzSourceCatalogue.All);

    [Theory]
    [InlineData("t publish", true, nameof(AuthzVerdict.Allow))]
    [InlineData("t publish", false, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t subscribe", false, nameof(AuthzVerdict.Allow))]
    [InlineData("t subscribe", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t all", true, nameof(AuthzVerdict.Allow))]
    [InlineData("other all", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("# all", true, nameof(AuthzVerdict.Allow))]
    [InlineData("t other", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t other # publish", true, nameof(AuthzVerdict.Allow))]
    [InlineData("t '{\"action\":\"publish\",\"qos\":[1,2],\"retain\":false}'", true, nameof(AuthzVerdict.Allow))]
    [InlineData("t '{\"action\":\"publish\",\"qos\":0}'", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t '{\"action\":\"publish\",\"retain\":true}'", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t '{\"action\":\"all\",\"permission\":\"deny\",\"topic\":\"x\"}'", true, nameof(AuthzVerdict.Allow))]
    [InlineData("t '{\"qos\":1}'", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("t '[]'", true, nameof(AuthzVerdict.NoMatch))]
    public async Task A_rule_says_what_is_allowed(string rules, bool isPublish, string verdict)
    {
        await using var redis = await StartAsync();
        await redis.RunAsync($"HSET acl:ann {rules}");
        await using var source = Make(redis);
        Assert.Equal(verdict, (await AskAsync(source, "t", isPublish)).ToString());
    }

    [Fact]
    public async Task Places_in_a_rules_topic_are_the_clients()
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET acl:ann in/${username} all 'eq own/#' subscribe");
        await using var source = Make(redis);
        Assert.Equal(AuthzVerdict.Allow, await AskAsync(source, "in/ann"));
        Assert.Equal(AuthzVerdict.NoMatch, await AskAsync(source, "in/bob"));
        Assert.Equal(AuthzVerdict.Allow, await AskAsync(source, "own/#", isPublish: false));
        Assert.Equal(AuthzVerdict.NoMatch, await AskAsync(source, "own/1", isPublish: false));
    }

    [Fact]
    public async Task While_it_is_away_no_rule_matches()
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET acl:ann # all");
        await using var source = Make(redis);
        Assert.Equal(AuthzVerdict.Allow, await AskAsync(source, "t"));
        Assert.Equal(ResourceStatus.Connected, ((IAccessBackend)source).Status);
        await redis.StopAsync();
        Assert.Equal(AuthzVerdict.NoMatch, await AskAsync(source, "t"));
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)source).Status);
    }

    [Fact]
    public void A_source_has_EMQXs_defaults()
    {
        var kept = Check("""{"type":"redis","redis_type":"single","server":"a","cmd":"HGETALL u"}""", out var problems)!;
        Assert.Empty(problems);
        Assert.Equal("""
            {"cmd":"HGETALL u","database":0,"enable":true,"pool_size":8,"redis_type":"single","server":"a",
            "ssl":{"ciphers":[],"depth":10,"enable":false,"hibernate_after":"5s","log_level":"notice","reuse_sessions":true,"secure_renegotiate":true,
            "verify":"verify_none","versions":["tlsv1.3","tlsv1.2"]},"type":"redis"}
            """.ReplaceLineEndings(""), kept.ToString());
    }

    [Theory]
    [InlineData("", "Request query")]
    [InlineData(" ", "empty_command")]
    [InlineData("HGET u f", "invalid_command_name")]
    [InlineData("HGETALL 'u", "unterminated_single_quote")]
    public void Commands_that_give_no_rules_are_refused(string command, string reason)
    {
        Assert.Null(Check($$"""{"type":"redis","redis_type":"single","server":"a","cmd":"{{command}}"}""", out var problems));
        Assert.Equal(reason, ((ConfigText)Assert.Single(problems).Body["reason"]!).Text);
    }

    [Fact]
    public void Another_type_of_Redis_is_refused()
    {
        Assert.Null(Check("""{"type":"redis","redis_type":"many","server":"a","cmd":"HGETALL u"}""", out var problems));
        Assert.Equal("""{"reason":"unknown_redis_type","path":"authorization.sources.1","kind":"validation_error","got":"many","expected":"single | cluster | sentinel"}""", Violation.ToJson(problems));
    }

    private static ValueTask<AuthzVerdict> AskAsync(IAuthzSource source, string topic, bool isPublish = true) =>
        source.AuthorizeAsync(new AuthorizeRequest { Client = FakeClient.Info("c1", "ann"), IsPublish = isPublish, Topic = topic, Qos = 1 }, CancellationToken.None);

    private static Task<RedisServer> StartAsync()
    {
        Assert.SkipUnless(RedisServer.IsThere, RedisServer.Missing);
        return RedisServer.StartAsync();
    }

    private static IAuthzSource Make(RedisServer redis)
    {
        var entry = Check($$"""{"type":"redis","redis_type":"single","server":"127.0.0.1:{{redis.Port}}","cmd":"HGETALL acl:${username}"}""", out var problems)!;
        Assert.Empty(problems);
        return AuthzSourceCatalogue.All.Find("redis")!.Create(entry, Authenticators.Services(TimeProvider.System));
    }

    private static ConfigObject? Check(string entry, out List<Violation> problems)
    {
        problems = [];
        var root = s_kind.Check(ConfigJson.Parse($$"""{"sources":[{{entry}}]}"""), "authorization", problems) as ConfigObject;
        return root?["sources"] is ConfigArray { Items: [ConfigObject kept] } ? kept : null;
    }
}
