using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.Broker.Tests.Access.Sql;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.Sql;

/// <summary>Rules in a table of a real PostgreSQL.</summary>
public sealed class PostgreSqlSourceTests(PostgreSqlTable table) : IClassFixture<PostgreSqlTable>
{
    private const string ByName = "SELECT permission, action, topic, qos, retain FROM {0} WHERE username = ${{username}} OR clientid = ${{clientid}} ORDER BY id";
    private static readonly StructKind s_kind = AuthorizationRoot.TableOf(AuthzSourceCatalogue.All);

    [Theory]
    [InlineData("('ann', NULL, 'allow', 'publish', 't/1', NULL, NULL)", true, "t/1", nameof(AuthzVerdict.Allow))]
    [InlineData("('ann', NULL, 'allow', 'publish', 't/1', NULL, NULL)", false, "t/1", nameof(AuthzVerdict.NoMatch))]
    [InlineData("('ann', NULL, 'deny', 'all', 't/#', NULL, NULL)", false, "t/1", nameof(AuthzVerdict.Deny))]
    [InlineData("('bob', NULL, 'deny', 'all', 't/#', NULL, NULL)", false, "t/1", nameof(AuthzVerdict.NoMatch))]
    [InlineData("(NULL, 'c1', 'allow', 'all', '${username}/#', NULL, NULL)", true, "ann/1", nameof(AuthzVerdict.Allow))]
    [InlineData("(NULL, 'c1', 'allow', 'subscribe', 'eq t/#', NULL, NULL)", false, "t/1", nameof(AuthzVerdict.NoMatch))]
    [InlineData("('ann', NULL, 'allow', 'all', 't/1', 1, 0), ('ann', NULL, 'deny', 'all', '#', NULL, NULL)", true, "t/1", nameof(AuthzVerdict.Allow))]
    [InlineData("('ann', NULL, 'allow', 'all', 't/1', 2, NULL), ('ann', NULL, 'deny', 'all', '#', NULL, NULL)", true, "t/1", nameof(AuthzVerdict.Deny))]
    [InlineData("('ann', NULL, 'allow', 'all', 't/1', NULL, 1)", true, "t/1", nameof(AuthzVerdict.NoMatch))]
    [InlineData("('ann', NULL, 'allow', 'all', NULL, NULL, NULL), ('ann', NULL, 'deny', 'all', '#', 7, NULL), ('ann', NULL, 'allow', 'all', 't/1', NULL, NULL)", true, "t/1", nameof(AuthzVerdict.Allow))]
    public async Task The_first_row_that_matches_decides(string rows, bool isPublish, string topic, string verdict)
    {
        await using var source = Make(string.Format(null, ByName, await RulesAsync(rows)));
        Assert.Equal(verdict, (await source.AuthorizeAsync(Request(isPublish, topic), CancellationToken.None)).ToString());
    }

    [Fact]
    public async Task A_rule_may_be_of_types_that_the_database_was_taught()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await table.RunAsync("CREATE TYPE verdict AS ENUM('allow', 'deny')", "CREATE TYPE deed AS ENUM('publish', 'subscribe', 'all')");
        await using var source = Make("SELECT 'deny'::verdict AS permission, 'all'::deed AS action, 't/1'::text AS topic, '{0,1}'::int[] AS qos, true AS retain");
        Assert.Equal(AuthzVerdict.NoMatch, await source.AuthorizeAsync(Request(isPublish: true, "t/1"), CancellationToken.None));
        Assert.Equal(AuthzVerdict.Deny, await source.AuthorizeAsync(Request(isPublish: false, "t/1"), CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_is_SQL_is_a_name()
    {
        var name = await RulesAsync("('ann', NULL, 'allow', 'all', '#', NULL, NULL)");
        await using var source = Make(string.Format(null, ByName, name));
        var request = new AuthorizeRequest { Client = FakeClient.Info("c1", $"ann'; DROP TABLE {name}; --"), IsPublish = true, Topic = "t" };
        Assert.Equal(AuthzVerdict.NoMatch, await source.AuthorizeAsync(request, CancellationToken.None));
        Assert.Single((await table.QueryAsync($"SELECT * FROM {name}")).Rows);
    }

    [Fact]
    public async Task A_query_that_fails_matches_nothing_and_is_counted()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await using var source = Make("SELECT * FROM no_such_table");
        Assert.Equal(AuthzVerdict.NoMatch, await source.AuthorizeAsync(Request(isPublish: true, "t"), CancellationToken.None));
        var read = ((IAccessBackend)source).ResourceMetrics.Read();
        Assert.Equal((1, 0, 1), (read.Total, read.Positive, read.Negative));
    }

    /// <summary>Makes a table with these rows; gives its name.</summary>
    private async Task<string> RulesAsync(string rows)
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        var name = $"rules_{Guid.NewGuid():N}";
        await table.RunAsync(
            $"CREATE TABLE {name} (id SERIAL PRIMARY KEY, username TEXT, clientid TEXT, permission TEXT, action TEXT, topic TEXT, qos SMALLINT, retain SMALLINT)",
            $"INSERT INTO {name} (username, clientid, permission, action, topic, qos, retain) VALUES {rows}");
        return name;
    }

    private static AuthorizeRequest Request(bool isPublish, string topic) => new() { Client = FakeClient.Info("c1", "ann"), IsPublish = isPublish, Topic = topic, Qos = 1, Retain = false };

    private IAuthzSource Make(string query)
    {
        List<Violation> problems = [];
        var root = (ConfigObject)s_kind.Check(ConfigJson.Parse($$"""
            {"sources":[{"type":"postgresql","server":"127.0.0.1:{{table.Server.Port}}","database":"{{PostgreSqlServer.Database}}","username":"{{PostgreSqlServer.User}}",
            "password":"{{PostgreSqlServer.Password}}","query":{{new ConfigText(query)}}}]}
            """), "authorization", problems)!;
        Assert.Empty(problems);
        return AuthzSourceCatalogue.All.Find("postgresql")!.Create((ConfigObject)((ConfigArray)root["sources"]!).Items[0], Authenticators.Services(TimeProvider.System));
    }
}
