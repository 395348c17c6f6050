using Emqx.Broker.Node;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Access;

/// <summary>The lists of authenticators and authorization sources: only what is in the catalogue is taken.</summary>
public sealed class EntryListTests
{
    private static readonly AuthenticationKind s_authentication = new(new AuthenticatorCatalogue(
        new AuthenticatorType("password_based", "sample", [Required("password", Text) with { Secret = true }], (_, _) => throw new NotSupportedException()),
        new AuthenticatorType("token", null, [], (_, _) => throw new NotSupportedException())));

    private static readonly StructKind s_authorization = AuthorizationRoot.TableOf(new AuthzSourceCatalogue(
        new AuthzSourceType("sample", [Field("rules", Text, "")], (_, _) => throw new NotSupportedException())));

    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("{}", "[]")]
    [InlineData("""[{"mechanism":"token"}]""", """[{"mechanism":"token","enable":true}]""")]
    [InlineData("""{"mechanism":"token","enable":false}""", """[{"mechanism":"token","enable":false}]""")]
    [InlineData("""[{"mechanism":"token"},{"mechanism":"password_based","backend":"sample","password":"p"}]""",
        """[{"mechanism":"token","enable":true},{"mechanism":"password_based","backend":"sample","password":"p","enable":true}]""")]
    public void Authenticators_of_the_catalogue_are_taken_with_their_defaults(string given, string kept) => Assert.Equal(kept, Check(s_authentication, given));

    [Theory]
    [InlineData("""[{"backend":"sample"}]""", """{"reason":"missing_mechanism_field","path":"root.1","kind":"validation_error"}""")]
    [InlineData("""[{"mechanism":"nothing"}]""", """{"reason":"unsupported_mechanism","path":"root.1","mechanism":"nothing","kind":"validation_error"}""")]
    [InlineData("""[{"mechanism":1}]""", """{"reason":"unsupported_mechanism","path":"root.1","mechanism":1,"kind":"validation_error"}""")]
    [InlineData("""[{"mechanism":"password_based","backend":"nothing","password":"p"}]""",
        """{"reason":"unsupported_mechanism","path":"root.1","mechanism":"password_based","kind":"validation_error","backend":"nothing"}""")]
    [InlineData("""[{"mechanism":"password_based","backend":"sample"}]""", """{"reason":"required_field","path":"root.1.password","kind":"validation_error"}""")]
    [InlineData("""[{"mechanism":"token"},{"mechanism":"token"}]""", """{"reason":"already_exists","path":"root.2","kind":"validation_error","id":"token"}""")]
    [InlineData("5", """{"value":5,"reason":"not_a_struct","path":"root.1","kind":"validation_error"}""")]
    public void Other_authenticators_are_refused(string given, string problem) => Assert.Equal(problem, Check(s_authentication, given));

    [Theory]
    [InlineData("""{"no_match":"deny","sources":[]}""", """{"no_match":"deny","deny_action":"ignore","cache":{"enable":true,"max_size":32,"ttl":"1m","excludes":[]},"sources":[]}""")]
    [InlineData("""{"sources":[{"type":"sample"}]}""",
        """{"no_match":"allow","deny_action":"ignore","cache":{"enable":true,"max_size":32,"ttl":"1m","excludes":[]},"sources":[{"type":"sample","enable":true,"rules":""}]}""")]
    [InlineData("""{"sources":[{"type":"nothing"}]}""", """{"reason":"unknown_authz_type","path":"root.sources.1","kind":"validation_error","got":"nothing"}""")]
    public void Authorization_takes_sources_of_the_catalogue(string given, string kept) => Assert.Equal(kept, Check(s_authorization, given));

    [Fact]
    public void Secrets_are_masked_and_the_mask_keeps_them()
    {
        var present = Parse("""[{"mechanism":"token"},{"mechanism":"password_based","backend":"sample","password":"p"}]""");
        Assert.Equal("""[{"mechanism":"token"},{"mechanism":"password_based","backend":"sample","password":"******"}]""", s_authentication.Shown(present).ToString());
        var given = Parse("""[{"mechanism":"password_based","backend":"sample","password":"******"}]""");
        Assert.Equal("""[{"mechanism":"password_based","backend":"sample","password":"p"}]""", s_authentication.Unmasked(given, present).ToString());
    }

    [Theory]
    [InlineData("EMQX_AUTHENTICATION__1__MECHANISM", "password_based", "authentication.1: unsupported_mechanism")]
    [InlineData("EMQX_AUTHENTICATION", """[{mechanism = nothing}]""", "authentication.1: unsupported_mechanism")]
    [InlineData("EMQX_AUTHORIZATION__SOURCES", """[{type = nothing}]""", "authorization.sources.1: unknown_authz_type")]
    public void A_node_does_not_start_with_access_control_that_it_has_not(string variable, string value, string failure)
    {
        Assert.Null(NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, [new("EMQX_NODE__DATA_DIR", ConfigurationSources.InMemory), new(variable, value)]),
            new Dictionary<string, string>(), out var failures));
        Assert.StartsWith(failure, Assert.Single(failures), StringComparison.Ordinal);
    }

    /// <summary>The value as it is kept, or the problem.</summary>
    private static string Check(ValueKind kind, string json)
    {
        List<Violation> problems = [];
        var kept = kind.Check(Parse(json), "root", problems);
        return problems.Count > 0 ? Violation.ToJson(problems) : kept!.ToString();
    }

    private static ConfigValue Parse(string json) => ConfigJson.Parse(System.Text.Encoding.UTF8.GetBytes(json))!;
}
