using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Jwt;

/// <summary>What a configuration of <c>jwt</c> may say: EMQX's three forms, defaults and words for what is wrong.</summary>
public sealed class JwtSettingsTests
{
    private const string Hmac = """{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"secret" """;
    private const string Jwks = """{"mechanism":"jwt","use_jwks":true,"endpoint":"http://127.0.0.1:1/keys" """;

    [Fact]
    public void A_secret_has_EMQXs_defaults() => Assert.Equal(
        """[{"acl_claim_name":"acl","algorithm":"hmac-based","disconnect_after_expire":true,"enable":true,"from":"password","mechanism":"jwt","secret":"secret","secret_base64_encoded":false,"use_jwks":false,"verify_claims":{}}]""",
        Kept(Hmac + "}"));

    [Fact]
    public void A_set_of_keys_has_EMQXs_defaults()
    {
        var entry = (ConfigObject)((ConfigArray)ConfigJson.Parse(Kept(Jwks + "}"))).Items[0];
        Assert.Equal("""{"Accept":"application/json"}""", entry["headers"]!.ToString());
        Assert.Equal(["acl_claim_name", "disconnect_after_expire", "enable", "endpoint", "from", "headers", "mechanism", "pool_size", "refresh_interval", "ssl", "use_jwks", "verify_claims"], entry.Names);
        Assert.Equal(("300", "8"), (entry["refresh_interval"]!.ToString(), entry["pool_size"]!.ToString()));
    }

    [Theory]
    [InlineData("""[{"name":"team","value":"red"}]""", """[{"name":"team","value":"red"}]""")]
    [InlineData("""{"b":"2","a":"${username}"}""", """{"a":"${username}","b":"2"}""")]
    public void Claims_are_kept_in_the_form_they_came_in(string given, string kept) =>
        Assert.Contains($"\"verify_claims\":{kept}", Kept($$"""{{Hmac}},"verify_claims":{{given}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"mechanism":"jwt"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":"perhaps"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","secret":"secret"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","public_key":"no key"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","public_key":"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"%%%","secret_base64_encoded":true}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":true}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":true,"endpoint":"keys"}""")]
    [InlineData(Hmac + ""","verify_claims":{"exp":"1"}}""")]
    [InlineData(Hmac + ""","verify_claims":{"":"1"}}""")]
    [InlineData(Hmac + ""","verify_claims":[{"name":"nbf","value":"1"}]}""")]
    [InlineData(Hmac + ""","verify_claims":[{"name":"a"}]}""")]
    [InlineData(Hmac + ""","verify_claims":"a"}""")]
    [InlineData(Hmac + ""","from":"token"}""")]
    [InlineData(Jwks + ""","refresh_interval":0}""")]
    [InlineData(Jwks + ""","pool_size":0}""")]
    [InlineData(Jwks + ""","secret":"x"}""")]
    public void Wrong_configurations_are_refused(string entry)
    {
        Assert.Null(Authenticators.Check(entry, out var problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void A_form_that_something_does_not_belong_to_is_told()
    {
        Assert.Null(Authenticators.Check(Hmac + ""","nothing":1}""", out var problems));
        Assert.Equal("""{"unmatched":"acl_claim_name,disconnect_after_expire,...","unknown":"nothing","reason":"unknown_fields","path":"authentication.1","matched_type":"authn:jwt_hmac","kind":"validation_error"}""",
            Violation.ToJson(problems));
    }

    [Fact]
    public void A_wrong_secret_is_not_told()
    {
        Assert.Null(Authenticators.Check("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"%%%top%%%","secret_base64_encoded":true}""", out var problems));
        Assert.DoesNotContain("top", Violation.ToJson(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_off_is_not_looked_at() =>
        Assert.NotNull(Authenticators.Check("""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","public_key":"no key","enable":false}""", out _));

    [Fact]
    public void A_secret_is_masked_and_what_comes_back_masked_stays()
    {
        var kind = new AuthenticationKind(AuthenticatorCatalogue.All);
        var kept = ConfigJson.Parse(Kept(Hmac + "}"));
        var shown = kind.Shown(kept);
        Assert.DoesNotContain("\"secret\":\"secret\"", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(kept, kind.Unmasked(shown, kept));
    }

    private static string Kept(string entry)
    {
        var kept = Authenticators.Check(entry, out var problems);
        Assert.Empty(problems);
        return kept!.ToString();
    }
}
