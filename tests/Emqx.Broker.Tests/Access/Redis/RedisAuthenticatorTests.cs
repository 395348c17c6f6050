using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Redis;

/// <summary>Clients whose password hashes are in a real Redis.</summary>
public sealed class RedisAuthenticatorTests
{
    private const string Query = "HMGET u:${username} password_hash password salt is_superuser";

    /// <summary>sha256 of <c>saltsecret</c>.</summary>
    private const string Salted = "salt salt password_hash bede90386d450cea8b77b822f8887065e4e5abf132c2f9dccfcc7fbd4cba5e35";

    [Theory]
    [InlineData(Salted, nameof(AuthnOutcome.Allow), false, 0)]
    [InlineData(Salted + " is_superuser 1", nameof(AuthnOutcome.Allow), true, 0)]
    [InlineData(Salted + " is_superuser true", nameof(AuthnOutcome.Allow), true, 0)]
    [InlineData(Salted + " is_superuser 0", nameof(AuthnOutcome.Allow), false, 0)]
    [InlineData(Salted + " is_superuser yes", nameof(AuthnOutcome.Allow), false, 0)]
    [InlineData(Salted + " salt other", nameof(AuthnOutcome.Deny), false, ReasonCode.BadUserNameOrPassword)]
    [InlineData("password secret", nameof(AuthnOutcome.Deny), false, ReasonCode.BadUserNameOrPassword)]
    [InlineData("is_superuser 1", nameof(AuthnOutcome.Deny), false, ReasonCode.NotAuthorized)]
    [InlineData("else 1", nameof(AuthnOutcome.Ignore), false, 0)]
    public async Task What_Redis_has_of_a_client_decides(string row, string outcome, bool isSuperuser, byte reason)
    {
        await using var redis = await StartAsync();
        await redis.RunAsync($"HSET u:ann {row}");
        await using var authenticator = Make(redis);
        var verdict = await authenticator.AskAsync("secret");
        Assert.Equal(outcome, verdict.Outcome.ToString());
        if (verdict.Outcome == AuthnOutcome.Deny)
            Assert.Equal(reason, verdict.ReasonCode);
        if (verdict.Outcome == AuthnOutcome.Allow)
            Assert.Equal(isSuperuser, verdict.Grant.IsSuperuser);
    }

    [Theory]
    [InlineData("HGET u:${username} password", "plain")]
    [InlineData("hget 'u:ann' \"password\"", "plain")]
    [InlineData("HMGET u:${clientid} password_hash", "bcrypt")]
    public async Task The_command_and_the_algorithm_are_those_of_the_configuration(string command, string algorithm)
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET u:ann password secret");
        await redis.RunAsync($"HSET u:c1 password_hash {BCrypt.Net.BCrypt.HashPassword("secret", 5)}");
        await using var authenticator = Make(redis, command, $$"""{"name":"{{algorithm}}"}""");
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync("wrong")).Outcome);
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync(null)).Outcome);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret", method: "SCRAM-SHA-256")).Outcome);
    }

    [Theory]
    [InlineData("ann password")]
    [InlineData("ann\r\nHSET u:ann password secret\r\n")]
    [InlineData("ann\" \"")]
    [InlineData("${password}")]
    [InlineData("")]
    public async Task A_name_stays_a_part_of_the_key(string username)
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET u:secret password secret");
        await using var authenticator = Make(redis, "HGET u:${username} password", """{"name":"plain"}""");
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret", username)).Outcome);
        Assert.Equal(":0", await redis.RunAsync("EXISTS u:ann"));
    }

    [Fact]
    public async Task A_command_that_Redis_refuses_says_nothing_of_the_client()
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("SET u:ann text");
        await using var authenticator = Make(redis);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(ResourceStatus.Connected, ((IAccessBackend)authenticator).Status);
        var read = ((IAccessBackend)authenticator).ResourceMetrics.Read();
        Assert.Equal((1, 0, 1), (read.Total, read.Positive, read.Negative));
    }

    [Theory]
    [InlineData(""" "password":"let me in", """, nameof(ResourceStatus.Connected))]
    [InlineData(""" "username":"reader","password":"r", """, nameof(ResourceStatus.Connected))]
    [InlineData(""" "password":"wrong", """, nameof(ResourceStatus.Disconnected))]
    [InlineData("", nameof(ResourceStatus.Disconnected))]
    public async Task It_says_who_it_is(string credentials, string status)
    {
        await using var redis = await StartAsync("--requirepass", "let me in", "--user", "reader", "on", ">r", "~u:*", "+hmget", "+ping", "+select");
        await using var authenticator = Make(redis, more: credentials);
        Assert.Equal(status, (await ((IAccessBackend)authenticator).CheckAsync(CancellationToken.None)).ToString());
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(status == nameof(ResourceStatus.Connected) ? 1 : 0, ((IAccessBackend)authenticator).ResourceMetrics.Read().Positive);
    }

    [Fact]
    public async Task The_database_is_that_of_the_configuration()
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET u:ann " + Salted);
        await redis.RunAsync("MOVE u:ann 3");
        await using var authenticator = Make(redis, more: """ "database":3, """);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("secret")).Outcome);
    }

    [Fact]
    public async Task While_it_is_away_it_says_nothing_and_is_asked_again_when_it_is_back()
    {
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET u:ann " + Salted);
        await using var authenticator = Make(redis);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("secret")).Outcome);
        await redis.StopAsync();
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
        await redis.RestartAsync();
        await redis.RunAsync("HSET u:ann " + Salted);
        await IsBackAsync(authenticator);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("secret")).Outcome);
    }

    [Fact]
    public async Task One_that_was_never_there_is_asked_when_it_comes()
    {
        await using var redis = await StartAsync();
        await redis.StopAsync();
        await using var authenticator = Make(redis);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
        await redis.RestartAsync();
        await IsBackAsync(authenticator);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("secret")).Outcome);
        Assert.Equal(ResourceStatus.Connected, ((IAccessBackend)authenticator).Status);
    }

    [Fact]
    public async Task One_that_hangs_is_not_waited_for_longer_than_its_time()
    {
        var clock = new ManualClock();
        await using var redis = await StartAsync();
        await redis.RunAsync("HSET u:ann " + Salted);
        await using var authenticator = Make(redis, time: clock);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("secret")).Outcome);
        redis.Signal("STOP");
        var asked = authenticator.AskAsync("secret").AsTask();
        Assert.False(asked.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(AuthnOutcome.Ignore, (await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
        redis.Signal("CONT");
    }

    private static async Task IsBackAsync(IAuthenticator authenticator)
    {
        var status = ResourceStatus.Disconnected;
        await Eventually.TrueAsync(() => status == ResourceStatus.Connected || Ask(), "it is back");

        bool Ask()
        {
            var asked = ((IAccessBackend)authenticator).CheckAsync(CancellationToken.None);
            status = asked.IsCompletedSuccessfully ? asked.Result : ((IAccessBackend)authenticator).Status;
            return status == ResourceStatus.Connected;
        }
    }

    private static Task<RedisServer> StartAsync(params string[] options)
    {
        Assert.SkipUnless(RedisServer.IsThere, RedisServer.Missing);
        return RedisServer.StartAsync(options);
    }

    private static IAuthenticator Make(RedisServer redis, string command = Query, string algorithm = """{"name":"sha256"}""", string more = "", TimeProvider? time = null) =>
        Authenticators.Make($$"""
        {"mechanism":"password_based","backend":"redis","redis_type":"single","server":"127.0.0.1:{{redis.Port}}",{{more}}
        "cmd":"{{command.Replace("\"", "\\\"", StringComparison.Ordinal)}}","password_hash_algorithm":{{algorithm}}}
        """, time);
}
