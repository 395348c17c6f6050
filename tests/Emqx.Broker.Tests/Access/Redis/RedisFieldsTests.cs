using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Access.Authn;
using Xunit;

namespace Emqx.Broker.Tests.Access.Redis;

/// <summary>What a configuration may say of Redis: EMQX's fields, defaults and words for what is wrong.</summary>
public sealed class RedisFieldsTests
{
    private const string Single = """{"mechanism":"password_based","backend":"redis","redis_type":"single","server":"127.0.0.1","cmd":"HMGET u:${username} password_hash salt" """;
    private const string Tls = """{"ciphers":[],"depth":10,"enable":false,"hibernate_after":"5s","log_level":"notice","reuse_sessions":true,"secure_renegotiate":true,"verify":"verify_none","versions":["tlsv1.3","tlsv1.2"]}""";

    private static readonly AuthenticationKind s_authentication = new(AuthenticatorCatalogue.All);

    [Theory]
    [InlineData("single", "server", "", ""","database":0""", "")]
    [InlineData("sentinel", "servers", ""","sentinel":"m" """, ""","database":0""", ""","sentinel":"m" """)]
    [InlineData("cluster", "servers", "", "", "")]
    public void An_authenticator_has_EMQXs_defaults(string type, string servers, string given, string database, string sentinel)
    {
        var kept = Authenticators.Check($$"""{"mechanism":"password_based","backend":"redis","redis_type":"{{type}}","{{servers}}":"a:1,b","cmd":"HGET u password"{{given}}}""", out var problems)!;
        Assert.Empty(problems);
        Assert.Equal($$"""
            {"backend":"redis","cmd":"HGET u password"{{database}},"enable":true,"mechanism":"password_based","password_hash_algorithm":{"name":"sha256","salt_position":"prefix"},
            "pool_size":8,"redis_type":"{{type}}"{{sentinel.Trim()}},"{{servers}}":"a:1,b","ssl":{{Tls}}}
            """.ReplaceLineEndings(""), kept.Items[0].ToString());
    }

    [Theory]
    [InlineData("", "empty_command")]
    [InlineData("GET u", "invalid_command_name")]
    [InlineData("HGETALL u", "invalid_command_name")]
    [InlineData("HGET", "missing_required_field")]
    [InlineData("HGET u", "missing_required_field")]
    [InlineData("HMGET u salt", "missing_required_field")]
    [InlineData("HMGET u password_hash more", "unknown_fields")]
    [InlineData("HMGET u ${username}", "unknown_fields")]
    [InlineData("hmget 'u", "unterminated_single_quote")]
    public void Commands_that_give_no_password_are_refused(string command, string reason)
    {
        Assert.Null(Authenticators.Check($$"""{"mechanism":"password_based","backend":"redis","redis_type":"single","server":"a","cmd":"{{command}}"}""", out var problems));
        Assert.Equal(reason, ((ConfigText)Assert.Single(problems).Body["reason"]!).Text);
    }

    [Theory]
    [InlineData("", "cannot_be_empty")]
    [InlineData(",", "bad_host_port")]
    [InlineData("a:b", "bad_port_number")]
    [InlineData("a:0", "bad_port_number")]
    [InlineData("6379", "expecting_hostname_but_got_a_number")]
    [InlineData("a b", "hostname_has_space")]
    [InlineData("a:1:2", "bad_host_port")]
    [InlineData("redis://a:1", "not_expecting_scheme")]
    public void What_is_no_server_is_refused(string server, string reason)
    {
        Assert.Null(Authenticators.Check($$"""{"mechanism":"password_based","backend":"redis","redis_type":"single","server":"{{server}}","cmd":"HGET u password"}""", out var problems));
        Assert.Equal(reason, ((ConfigText)Assert.Single(problems).Body["reason"]!).Text);
    }

    [Theory]
    [InlineData(""","redis_type":"many" """)]
    [InlineData(""","pool_size":0""")]
    [InlineData(""","database":-1""")]
    [InlineData(""","servers":"a" """)]
    [InlineData(""","sentinel":"a" """)]
    [InlineData(""","password_hash_algorithm":{"name":"bcrypt","salt_rounds":5}""")]
    public void Wrong_values_are_refused(string more)
    {
        Assert.Null(Authenticators.Check($"{Single}{more}}}", out var problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void The_password_is_masked_and_what_comes_back_masked_stays()
    {
        var kept = Authenticators.Check(Single + ""","password":"p","password_hash_algorithm":{"name":"bcrypt"}}""", out _)!;
        var shown = s_authentication.Shown(kept);
        Assert.Equal("******", ((ConfigText)((ConfigObject)((ConfigArray)shown).Items[0])["password"]!).Text);
        Assert.Equal(kept, s_authentication.Unmasked(shown, kept));
    }
}
