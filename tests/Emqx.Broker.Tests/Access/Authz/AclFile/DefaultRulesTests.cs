using System.Text.Json;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.AclFile;
using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.AclFile;

/// <summary>The rules that hold where nothing else is said.</summary>
public sealed class DefaultRulesTests
{
    private static readonly AuthzRules s_rules = new(AclRuleReader.Read(AclFiles.DefaultText), TimeProvider.System);

    [Theory]
    [InlineData("$SYS/#", "198.51.100.1", null, false)]
    [InlineData("$SYS/brokers", "198.51.100.1", "u", false)]
    [InlineData("#", "198.51.100.1", null, false)]
    [InlineData("+/#", "198.51.100.1", null, false)]
    [InlineData("$SYS/#", "198.51.100.1", "dashboard", true)]
    [InlineData("$SYS/#", "198.51.100.1", "dashboards", false)]
    [InlineData("$SYS/#", "127.0.0.1", null, true)]
    [InlineData("#", "127.0.0.1", null, true)]
    [InlineData("a/#", "198.51.100.1", null, true)]
    public void Only_the_machine_itself_and_the_dashboard_listen_to_system_topics(string filter, string address, string? username, bool isAllowed)
    {
        var request = new AuthorizeRequest { Client = Fakes.Client("c", username, address), IsPublish = false, Topic = filter };
        Assert.Equal(isAllowed ? AuthzVerdict.Allow : AuthzVerdict.Deny, s_rules.Check(request));
    }

    [Fact]
    public async Task A_node_has_them_where_nothing_else_is_said()
    {
        await using var broker = await TestBroker.StartAsync();
        var source = Assert.Single(broker.Get<AuthzSourceList>().List());
        Assert.Equal(["type", "enable", "rules"], source.Names);
        await using var client = await broker.ConnectAsync(new ConnectOptions());
        Assert.Equal([0, 0], await client.SubscribeAsync(null, ("$SYS/#", 0), ("#", 0)));
        Assert.Empty(broker.Errors.All);
    }

    [Fact]
    public async Task A_file_that_is_no_list_of_rules_denies_everything()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Unique.Name("acl")}.conf");
        await File.WriteAllTextAsync(file, "{allow, all", TestContext.Current.CancellationToken);
        try
        {
            await using var broker = await AuthzBroker.StartAsync($$"""{"sources":[{"type":"file","path":"{{JsonEncodedText.Encode(file)}}"}]}""");
            await using var client = await broker.ConnectAsync();
            Assert.Equal(0x87, await client.PublishAsync("a", qos: 1));
            Assert.Contains(file, Assert.Single(broker.Errors.All), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
