using System.Globalization;
using System.Security.Cryptography;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Jwt;

/// <summary>Clients that bring tokens: who gets in, and what with.</summary>
public sealed class JwtAuthenticatorTests
{
    private const string Hmac = """{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"secret" """;
    private readonly ManualClock _clock = new();

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task A_good_token_lets_in()
    {
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(Tokens.Hmac("{}")));
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(Tokens.Hmac("""{"sub":"a","iat":99999999999}""")));
    }

    [Fact]
    public async Task What_is_no_good_token_says_nothing()
    {
        string?[] tokens = [null, "", "no token", Tokens.Hmac("{}", "other"u8.ToArray()), Tokens.Signed("""{"alg":"none"}""", "{}", static _ => []), Tokens.Hmac("[]"), Tokens.Hmac("no json")];
        foreach (var token in tokens)
            Assert.Equal(AuthnOutcome.Ignore, await OutcomeAsync(token));
    }

    [Fact]
    public async Task A_client_that_names_a_method_is_somebody_elses()
    {
        await using var authenticator = Make();
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync(Tokens.Hmac("{}"), method: "SCRAM-SHA-256")).Outcome);
    }

    [Theory]
    [InlineData("exp", 60, true)]
    [InlineData("exp", 0, false)]
    [InlineData("exp", -10, false)]
    [InlineData("nbf", 0, true)]
    [InlineData("nbf", -10, true)]
    [InlineData("nbf", 1, false)]
    public async Task Times_are_checked_as_numbers_and_as_texts(string claim, int from, bool isGood)
    {
        var time = (Now + from).ToString(CultureInfo.InvariantCulture);
        foreach (var written in new[] { time, $"\"{time}\"", $"{time}.0" })
            Assert.Equal(isGood ? AuthnOutcome.Allow : AuthnOutcome.Deny, await OutcomeAsync(Tokens.Hmac($$"""{"{{claim}}":{{written}}}""")));
    }

    [Theory]
    [InlineData("\"never\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    public async Task Times_that_are_none_refuse_the_client(string time)
    {
        await using var authenticator = Make();
        foreach (var claim in new[] { "exp", "nbf" })
        {
            var verdict = await authenticator.AskAsync(Tokens.Hmac($$"""{"{{claim}}":{{time}}}"""));
            Assert.Equal((AuthnOutcome.Deny, ReasonCode.BadUserNameOrPassword), (verdict.Outcome, verdict.ReasonCode));
        }
    }

    [Theory]
    [InlineData("""{"name":"${username}","cid":"${clientid}"}""")]
    [InlineData("""[{"name":"name","value":"${username}"},{"name":"cid","value":"${clientid}"}]""")]
    public async Task Claims_have_to_be_what_is_said(string claims)
    {
        await using var authenticator = Make($$""","verify_claims":{{claims}}""");
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync(Tokens.Hmac("""{"name":"ann","cid":"c1","more":1}"""))).Outcome);
        foreach (var wrong in new[] { """{"name":"bob","cid":"c1"}""", """{"name":"ann"}""", """{"name":"ann","cid":["c1"]}""", "{}" })
            Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync(Tokens.Hmac(wrong))).Outcome);
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync(Tokens.Hmac("""{"name":"ann","cid":"c1"}"""), username: "bob")).Outcome);
    }

    [Fact]
    public async Task A_number_is_not_the_text_of_it()
    {
        await using var authenticator = Make(""","verify_claims":{"level":"1"}""");
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync(Tokens.Hmac("""{"level":1}"""))).Outcome);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync(Tokens.Hmac("""{"level":"1"}"""))).Outcome);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("1", true)]
    [InlineData("\"1\"", true)]
    [InlineData("2", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("\"yes\"", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("1.5", false)]
    public async Task A_superuser_says_so(string claim, bool isSuperuser)
    {
        await using var authenticator = Make();
        Assert.Equal(isSuperuser, (await authenticator.AskAsync(Tokens.Hmac($$"""{"is_superuser":{{claim}}}"""))).Grant.IsSuperuser);
    }

    [Fact]
    public async Task Attributes_come_with_the_token()
    {
        await using var authenticator = Make();
        var verdict = await authenticator.AskAsync(Tokens.Hmac("""{"client_attrs":{"group":"red","bad name":"x","-a":"x"}}"""));
        Assert.Equal(new Dictionary<string, string> { ["group"] = "red" }, verdict.Grant.Attributes);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync(Tokens.Hmac("""{"client_attrs":"red"}"""))).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_token_ends_the_connection_where_that_is_said(bool disconnects)
    {
        await using var authenticator = Make($$""","disconnect_after_expire":{{(disconnects ? "true" : "false")}}""");
        var verdict = await authenticator.AskAsync(Tokens.Hmac($$"""{"exp":{{Now + 60}}}"""));
        Assert.Equal(disconnects ? _clock.GetUtcNow() + TimeSpan.FromSeconds(60) : null, verdict.Grant.ExpiresAt);
        Assert.Null((await authenticator.AskAsync(Tokens.Hmac("""{"exp":1e300}"""))).Grant.ExpiresAt);
    }

    [Fact]
    public async Task A_token_may_be_in_the_user_name()
    {
        await using var authenticator = Make(""","from":"username" """);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync(null, username: Tokens.Hmac("{}"))).Outcome);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync(Tokens.Hmac("{}"), username: null)).Outcome);
    }

    [Fact]
    public async Task A_secret_may_be_in_base64()
    {
        await using var authenticator = Authenticators.Make("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"AGJpbmFyef8=","secret_base64_encoded":true}""", _clock);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync(Tokens.Hmac("{}", [0, .. "binary"u8, 0xFF]))).Outcome);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync(Tokens.Hmac("{}", "AGJpbmFyef8="u8.ToArray()))).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_public_key_may_be_a_text_or_a_file(bool isFile)
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, pem, TestContext.Current.CancellationToken);
        await using var authenticator = Authenticators.Make(
            $$"""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","public_key":"{{(isFile ? file : pem).ReplaceLineEndings("\\n")}}"}""", _clock);
        File.Delete(file);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync(Tokens.Rsa("{}", rsa))).Outcome);
    }

    [Theory]
    [InlineData("""{"pub":["a/#"],"sub":["b/${username}"],"all":["c"]}""", "a/1", true, nameof(AuthzVerdict.Allow))]
    [InlineData("""{"pub":["a/#"],"sub":["b/${username}"],"all":["c"]}""", "a/1", false, nameof(AuthzVerdict.Deny))]
    [InlineData("""{"pub":["a/#"],"sub":["b/${username}"],"all":["c"]}""", "b/ann", false, nameof(AuthzVerdict.Allow))]
    [InlineData("""{"pub":["a/#"],"sub":["b/${username}"],"all":["c"]}""", "c", true, nameof(AuthzVerdict.Allow))]
    [InlineData("{}", "a", true, nameof(AuthzVerdict.Deny))]
    [InlineData("[]", "a", true, nameof(AuthzVerdict.NoMatch))]
    [InlineData("""[{"permission":"deny","action":"pub","topic":"a"},{"permission":"allow","action":"all","topics":["a","b"]}]""", "a", true, nameof(AuthzVerdict.Deny))]
    [InlineData("""[{"permission":"deny","action":"pub","topic":"a"},{"permission":"allow","action":"all","topics":["a","b"]}]""", "a", false, nameof(AuthzVerdict.Allow))]
    [InlineData("""[{"permission":"deny","action":"pub","topic":"a"},{"permission":"allow","action":"all","topics":["a","b"]}]""", "d", false, nameof(AuthzVerdict.NoMatch))]
    public async Task A_token_says_what_its_client_may_do(string acl, string topic, bool isPublish, string expected)
    {
        await using var authenticator = Make();
        var verdict = await authenticator.AskAsync(Tokens.Hmac($$"""{"acl":{{acl}}}"""));
        Assert.Equal(expected, verdict.Grant.Acl!.Check(Request(topic, isPublish)).ToString());
    }

    [Fact]
    public async Task Once_a_token_is_over_its_client_may_do_nothing()
    {
        await using var authenticator = Make(""","disconnect_after_expire":false,"acl_claim_name":"may" """);
        var acl = (await authenticator.AskAsync(Tokens.Hmac($$"""{"exp":{{Now + 60}},"may":[{"permission":"allow","action":"all","topic":"#"}]}"""))).Grant.Acl!;
        Assert.Equal(AuthzVerdict.Allow, acl.Check(Request("a", isPublish: true)));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(AuthzVerdict.Deny, acl.Check(Request("a", isPublish: true)));
    }

    [Theory]
    [InlineData("""[{"permission":"allow"}]""", nameof(AuthnOutcome.Deny))]
    [InlineData("""[{"permission":"perhaps","action":"pub","topic":"t"}]""", nameof(AuthnOutcome.Deny))]
    [InlineData("""["allow"]""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"pub":"a"}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"pub":[1]}""", nameof(AuthnOutcome.Deny))]
    [InlineData("\"all\"", nameof(AuthnOutcome.Ignore))]
    [InlineData("null", nameof(AuthnOutcome.Ignore))]
    public async Task Rules_that_can_not_be_read_let_nobody_in(string acl, string outcome) =>
        Assert.Equal(outcome, (await OutcomeAsync(Tokens.Hmac($$"""{"acl":{{acl}}}"""))).ToString());

    private static AuthorizeRequest Request(string topic, bool isPublish) => new() { Client = FakeClient.Info("c1", "ann"), IsPublish = isPublish, Topic = topic };

    private IAuthenticator Make(string more = "") => Authenticators.Make(Hmac + more + "}", _clock);

    private async Task<AuthnOutcome> OutcomeAsync(string? token)
    {
        await using var authenticator = Make();
        return (await authenticator.AskAsync(token)).Outcome;
    }
}
