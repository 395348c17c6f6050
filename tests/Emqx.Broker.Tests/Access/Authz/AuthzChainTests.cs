using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz;

/// <summary>Authorization sources of the configuration, each by one line of a catalogue, on the way of PUBLISH and SUBSCRIBE.</summary>
public sealed class AuthzChainTests
{
    private static readonly AuthzSourceCatalogue s_catalogue = new([SampleSource.Type, .. AuthzSourceCatalogue.All.Entries]);

    [Fact]
    public async Task A_topic_that_a_source_denies_is_refused()
    {
        await using var broker = await StartAsync("""{"sources":[{"type":"sample","allow":"a","deny":"b"}]}""");
        await using var client = await broker.ConnectAsync();
        Assert.Equal([ReasonCode.NotAuthorized, 0], await client.SubscribeAsync(null, ("b", 0), ("a", 0)));
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("b", qos: 1));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("c", qos: 1));
    }

    [Theory]
    [InlineData("""{"sources":[]}""")]
    [InlineData("""{"sources":[{"type":"sample","deny":"b","enable":false}]}""")]
    public async Task While_there_is_none_no_source_is_asked(string authorization)
    {
        await using var broker = await StartAsync(authorization);
        await using var client = await broker.ConnectAsync();
        Assert.Equal(0, Assert.Single(await client.SubscribeAsync("b")));
    }

    [Fact]
    public async Task A_source_that_goes_is_asked_no_more()
    {
        await using var broker = await StartAsync("""{"sources":[{"type":"sample","deny":"b"}]}""");
        Configure(broker, """{"sources":[]}""");
        await using var client = await broker.ConnectAsync();
        Assert.Equal(0, Assert.Single(await client.SubscribeAsync("b")));
    }

    private static async Task<TestBroker> StartAsync(string authorization)
    {
        var broker = await TestBroker.StartAsync(configure: static services => services.AddSingleton(s_catalogue));
        Configure(broker, authorization);
        return broker;
    }

    /// <summary>Puts the root in force, checked as a change of the API is.</summary>
    private static void Configure(TestBroker broker, string authorization)
    {
        List<Violation> problems = [];
        var kept = AuthorizationRoot.TableOf(s_catalogue).Check(ConfigJson.Parse(System.Text.Encoding.UTF8.GetBytes(authorization))!, "authorization", problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { ["authorization"] = kept! });
    }
}
