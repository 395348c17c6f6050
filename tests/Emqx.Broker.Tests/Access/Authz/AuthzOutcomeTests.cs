using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Access.Authz;

/// <summary>What two sources and no_match come to, in the codes of SUBACK and PUBACK.</summary>
public sealed class AuthzOutcomeTests
{
    private const string Ignore = "ignore";
    private const string Error = "error";
    private const string NoMatch = "nomatch";

    private static readonly AuthzSourceCatalogue s_catalogue = new(TypeOf("first"), TypeOf("second"));

    [Theory]
    [InlineData("allow", "deny", "deny", true)]
    [InlineData("deny", "allow", "allow", false)]
    [InlineData(NoMatch, "allow", "deny", true)]
    [InlineData(NoMatch, "deny", "allow", false)]
    [InlineData(Ignore, "allow", "deny", true)]
    [InlineData(Ignore, "deny", "allow", false)]
    [InlineData(Error, "allow", "deny", true)]
    [InlineData(Error, "deny", "allow", false)]
    [InlineData("later allow", "deny", "deny", true)]
    [InlineData("later deny", "allow", "allow", false)]
    [InlineData("later nomatch", "later deny", "allow", false)]
    [InlineData("later error", "later allow", "deny", true)]
    [InlineData(NoMatch, NoMatch, "allow", true)]
    [InlineData(NoMatch, NoMatch, "deny", false)]
    [InlineData(Ignore, Error, "deny", false)]
    [InlineData(Error, Ignore, "allow", true)]
    public async Task The_first_that_knows_decides_and_no_match_decides_the_rest(string first, string second, string noMatch, bool isAllowed)
    {
        await using var broker = await StartAsync(first, second, noMatch);
        await using var client = await broker.ConnectAsync();
        Assert.Equal([isAllowed ? (byte)1 : (byte)0x87], await client.SubscribeAsync("a", 1));
        Assert.Equal(isAllowed ? 0x10 : 0x87, await client.PublishAsync("b", qos: 1));
        await using var old = await broker.ConnectAsync(version: 4);
        Assert.Equal([isAllowed ? (byte)1 : (byte)0x80], await old.SubscribeAsync("a", 1));
        Assert.Equal(0, await old.PublishAsync("b", qos: 2));
    }

    [Fact]
    public async Task What_each_was_asked_and_has_said_is_counted()
    {
        await using var broker = await StartAsync(Ignore, "deny", "allow");
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync("a", qos: 1);
        await client.PublishAsync("b", qos: 1);
        await client.PublishAsync("b", qos: 1); // remembered
        var states = broker.Get<AuthzChain>().Read();
        Assert.Equal(["first 2 ignored 2 denied 0", "second 2 ignored 0 denied 2"],
            states.Select(static one => $"{one.Type} {one.Metrics.Total} ignored {one.Metrics.Ignored} denied {one.Metrics.Negative}"));
    }

    private static async Task<TestBroker> StartAsync(string first, string second, string noMatch)
    {
        var broker = await TestBroker.StartAsync(configure: static services => services.AddSingleton(s_catalogue));
        var given = $$"""{"no_match":"{{noMatch}}","sources":[{"type":"first","says":"{{first}}"},{"type":"second","says":"{{second}}"}]}""";
        var kept = AuthorizationRoot.TableOf(s_catalogue).Check(ConfigJson.Parse(given), AuthorizationRoot.Name, [])!;
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { [AuthorizationRoot.Name] = kept });
        return broker;
    }

    private static AuthzSourceType TypeOf(string type) =>
        new(type, [Field("says", Text, "")], static (settings, _) => new FixedSource(new SettingsReader(settings).Text("says")));

    /// <summary>Says always the same, at once or later.</summary>
    private sealed class FixedSource(string says) : IAuthzSource
    {
        private const string Later = "later ";

        public async ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation)
        {
            if (says.StartsWith(Later, StringComparison.Ordinal))
                await Task.Yield();
            return says.Replace(Later, "", StringComparison.Ordinal) switch
            {
                "allow" => AuthzVerdict.Allow,
                "deny" => AuthzVerdict.Deny,
                Ignore => AuthzVerdict.Ignore,
                Error => throw new InvalidOperationException("It is broken."),
                _ => AuthzVerdict.NoMatch,
            };
        }

        public ValueTask DisposeAsync() => default;
    }
}
