using Emqx.Broker.Integration;
using Emqx.Broker.Integration.Actions;
using Emqx.Broker.Integration.Connectors;
using Emqx.Broker.Integration.Sources;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Integration;

/// <summary>A connector, an action and a source, made from a configuration by one line each in their catalogues.</summary>
public sealed class CatalogueTests
{
    private static readonly IServiceProvider s_services = new ServiceCollection().BuildServiceProvider();
    private static readonly ConnectorCatalogue s_connectors = new(SampleConnector.Type);
    private static readonly ActionCatalogue s_actions = new(SampleAction.Type);
    private static readonly SourceCatalogue s_sources = new(SampleSource.Type);

    [Fact]
    public async Task An_action_made_from_its_configuration_sends_what_it_is_given()
    {
        await using var connector = await StartAsync();
        var action = Action(connector, new(new() { ["column"] = "clientid" }));
        Assert.Equal(SendOutcome.Sent, await action.SendAsync([Row("c1"), Row("c2")], CancellationToken.None));
        Assert.Equal(["c1", "c2"], connector.Inboxes["in"]);
    }

    [Fact]
    public async Task An_action_says_whether_rows_may_do_better_later()
    {
        await using var connector = await StartAsync();
        var action = Action(connector, ConfigObject.Empty);
        Assert.False((await action.SendAsync([Row("c1")], CancellationToken.None)).MayRepeat);
        action = Action(connector, new(new() { ["column"] = "clientid" }));
        connector.IsAway = true;
        Assert.True((await action.SendAsync([Row("c1")], CancellationToken.None)) is { IsSent: false, MayRepeat: true, Reason: "away" });
        Assert.Equal(new ResourceHealth(ResourceStatus.Disconnected, "away"), await action.CheckAsync(CancellationToken.None));
        connector.IsAway = false;
        Assert.True((await action.SendAsync([Row("c1")], CancellationToken.None)).IsSent);
    }

    [Fact]
    public async Task A_source_brings_rows_through_its_connector()
    {
        await using var connector = await StartAsync();
        connector.TryPut("hello");
        await using var source = s_sources.Find("sample")!.Create(Check(SampleSource.Type.Parameters, new(new() { ["inbox"] = "in" })), connector);
        List<object?> brought = [];
        await source.StartAsync((columns, _) =>
        {
            brought.Add(columns["payload"]);
            return default;
        }, CancellationToken.None);
        Assert.Equal(["hello"], brought);
    }

    [Fact]
    public void A_catalogue_knows_each_id_once()
    {
        Assert.Null(s_actions.Find("nosuch"));
        Assert.Same(SampleAction.Type, Assert.Single(s_actions.Entries));
        Assert.Throws<ArgumentException>(() => new ActionCatalogue(SampleAction.Type, SampleAction.Type));
    }

    private static async Task<SampleConnector> StartAsync()
    {
        var type = s_connectors.Find("sample")!;
        var connector = (SampleConnector)type.Create(Check(type.Kind, new(new() { ["inbox"] = "in" })), s_services);
        Assert.Equal(ResourceHealth.Connected, await connector.StartAsync(CancellationToken.None));
        return connector;
    }

    private static IAction Action(IConnector connector, ConfigObject parameters)
    {
        var type = s_actions.Find("sample")!;
        return type.Create(Check(type.Parameters, parameters), connector);
    }

    private static ConfigObject Check(StructKind kind, ConfigObject given)
    {
        List<Violation> problems = [];
        return Assert.IsType<ConfigObject>(kind.Check(given, "root", problems));
    }

    private static ActionRow Row(string clientId) => new(new Dictionary<string, object?> { ["clientid"] = clientId }, 0);
}
