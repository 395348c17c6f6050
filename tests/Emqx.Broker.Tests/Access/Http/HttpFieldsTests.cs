using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>What a configuration may say of a service: EMQX's fields, defaults and words for what is wrong.</summary>
public sealed class HttpFieldsTests
{
    private const string Post = """{"mechanism":"password_based","backend":"http","method":"post","url":"http://127.0.0.1:1/auth","body":{"username":"${username}","password":"${password}"}""";
    private const string Get = """{"mechanism":"password_based","backend":"http","method":"get","url":"http://127.0.0.1:1/auth" """;
    private const string Tls = """{"ciphers":[],"depth":10,"enable":false,"hibernate_after":"5s","log_level":"notice","reuse_sessions":true,"secure_renegotiate":true,"verify":"verify_none","versions":["tlsv1.3","tlsv1.2"]}""";

    private static readonly AuthenticationKind s_authentication = new(AuthenticatorCatalogue.All);
    private static readonly StructKind s_authorization = AuthorizationRoot.TableOf(AuthzSourceCatalogue.All);

    [Fact]
    public void An_authenticator_has_EMQXs_defaults() => Assert.Equal($$$"""
        [{"backend":"http","body":{"password":"${password}","username":"${username}"},"connect_timeout":"15s","enable":true,"enable_pipelining":100,
        "headers":{"accept":"application/json","cache-control":"no-cache","connection":"keep-alive","content-type":"application/json","keep-alive":"timeout=30, max=1000"},
        "mechanism":"password_based","method":"post","pool_size":8,"request_timeout":"5s","ssl":{{{Tls}}},"url":"http://127.0.0.1:1/auth"}]
        """.ReplaceLineEndings(""), Kept(Post + "}"));

    [Theory]
    [InlineData(""","headers":{"X-Key":"k","Content-Type":"text/plain"}""", """{"x-key":"k"}""")]
    [InlineData(""","headers":{}""", "{}")]
    [InlineData("", """{"accept":"application/json","cache-control":"no-cache","connection":"keep-alive","keep-alive":"timeout=30, max=1000"}""")]
    public void With_GET_there_is_no_content_type(string more, string headers)
    {
        List<Violation> problems = [];
        var kept = (ConfigArray)s_authentication.Check(ConfigJson.Parse($"[{Get}{more}}}]"), "authentication", problems)!;
        Assert.Equal(headers, ((ConfigObject)kept.Items[0])["headers"]!.ToString());
    }

    [Theory]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"http://a/"}""",
        """{"reason":"unknown_http_method","path":"root.1","kind":"validation_error","got":"undefined","field_name":"method","expected":"get | post"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"http://a/","method":"put"}""",
        """{"reason":"unknown_http_method","path":"root.1","kind":"validation_error","got":"put","field_name":"method","expected":"get | post"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"","method":"post"}""",
        """{"value":"","reason":"the value of the field 'url' cannot be empty","path":"root.1.url","matched_type":"authn:http_post","kind":"validation_error"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"http://a/","method":"post","nothing":1}""",
        """{"unmatched":"body,connect_timeout,...","unknown":"nothing","reason":"unknown_fields","path":"root.1","matched_type":"authn:http_post","kind":"validation_error"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"https://a/","method":"post"}""",
        """{"reason":"invalid_ssl_opts","path":"root.1","message":"it's required to enable the TLS option to establish a https connection","kind":"validation_error"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","url":"a/","method":"post"}""",
        """{"value":"a/","reason":"invalid_url: no_scheme","path":"root.1.url","matched_type":"authn:http_post","kind":"validation_error"}""")]
    public void What_is_wrong_is_told_in_EMQXs_words(string entry, string violation)
    {
        List<Violation> problems = [];
        Assert.Null(s_authentication.Check(ConfigJson.Parse($"[{entry}]"), "root", problems));
        Assert.Equal(violation, Violation.ToJson(problems));
    }

    [Theory]
    [InlineData(""","pool_size":0""")]
    [InlineData(""","headers":{"content-length":"7"}""")]
    [InlineData(""","headers":{"bad name":"7"}""")]
    [InlineData(""","headers":{"x":"a\r\nb"}""")]
    [InlineData(""","headers":"x" """)]
    [InlineData(""","body":{"a":{"b":"c"}}""")]
    [InlineData(""","body":"text" """)]
    [InlineData(""","request_timeout":"soon" """)]
    [InlineData(""","ssl":{"enable":"perhaps"}""")]
    [InlineData(""","ssl":{"server_name_indication":""}""")]
    public void Wrong_values_are_refused(string more)
    {
        List<Violation> problems = [];
        Assert.Null(s_authentication.Check(ConfigJson.Parse($"[{Get}{more}}}]"), "authentication", problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void A_source_has_EMQXs_defaults()
    {
        List<Violation> problems = [];
        var kept = (ConfigObject)s_authorization.Check(ConfigJson.Parse("""{"sources":[{"type":"http","method":"get","url":"http://a/"}]}"""), "authorization", problems)!;
        Assert.Equal($$$"""
            [{"connect_timeout":"15s","enable":true,"enable_pipelining":100,"headers":{"accept":"application/json","cache-control":"no-cache","connection":"keep-alive",
            "keep-alive":"timeout=30, max=1000"},"method":"get","pool_size":8,"request_timeout":"30s","ssl":{{{Tls}}},"type":"http","url":"http://a/"}]
            """.ReplaceLineEndings(""), kept["sources"]!.ToString());
    }

    [Fact]
    public void Secrets_are_masked_and_what_comes_back_masked_stays()
    {
        var kept = ConfigJson.Parse(Kept(Get + ""","headers":{"Authorization":"Bearer x","x":"y"},"body":{"token":"t","password":"${password}","user":"u"}}"""));
        var shown = s_authentication.Shown(kept);
        var entry = (ConfigObject)((ConfigArray)shown).Items[0];
        Assert.Equal("""{"authorization":"******","x":"y"}""", entry["headers"]!.ToString());
        Assert.Equal("""{"password":"${password}","token":"******","user":"u"}""", entry["body"]!.ToString());
        Assert.Equal(kept, s_authentication.Unmasked(shown, kept));
    }

    private static string Kept(string entry)
    {
        List<Violation> problems = [];
        var kept = s_authentication.Check(ConfigJson.Parse($"[{entry}]"), "authentication", problems);
        Assert.Empty(problems);
        return kept!.ToString();
    }
}
