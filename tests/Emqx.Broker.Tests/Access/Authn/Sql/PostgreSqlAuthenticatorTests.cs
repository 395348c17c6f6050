using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Tests.Access.Sql;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Sql;

/// <summary>Users in a table of a real PostgreSQL.</summary>
public sealed class PostgreSqlAuthenticatorTests(PostgreSqlTable table) : IClassFixture<PostgreSqlTable>
{
    private const string ByName = "SELECT password_hash, salt, is_superuser FROM {0} WHERE username = ${{username}} LIMIT 1";

    [Theory]
    [InlineData("ann", "ann's", nameof(AuthnOutcome.Allow), false)]
    [InlineData("root", "root's", nameof(AuthnOutcome.Allow), true)]
    [InlineData("ann", "root's", nameof(AuthnOutcome.Deny), false)]
    [InlineData("ann", "", nameof(AuthnOutcome.Deny), false)]
    [InlineData("ann", null, nameof(AuthnOutcome.Deny), false)]
    [InlineData("bob", "bob's", nameof(AuthnOutcome.Ignore), false)]
    [InlineData("x' OR '1'='1", "ann's", nameof(AuthnOutcome.Ignore), false)]
    [InlineData("x\0y", "ann's", nameof(AuthnOutcome.Ignore), false)]
    [InlineData(null, "ann's", nameof(AuthnOutcome.Ignore), false)]
    public async Task A_client_gets_in_by_the_password_of_its_user(string? username, string? password, string outcome, bool isSuperuser)
    {
        await using var authenticator = Make(string.Format(null, ByName, await UsersAsync()));
        var verdict = await authenticator.AskAsync(password, username);
        Assert.Equal(outcome, verdict.Outcome.ToString());
        Assert.Equal(isSuperuser, verdict.Outcome == AuthnOutcome.Allow && verdict.Grant.IsSuperuser);
    }

    [Theory]
    [InlineData("'sesame' AS password_hash", nameof(AuthnOutcome.Allow))]
    [InlineData("'sesame' AS password", nameof(AuthnOutcome.Allow))]
    [InlineData("'sesame'::bytea AS password_hash", nameof(AuthnOutcome.Allow))]
    [InlineData("'sesame' AS password, 'other' AS password_hash", nameof(AuthnOutcome.Deny))]
    [InlineData("'sesame' AS password_hash, NULL AS salt, 1 AS is_superuser", nameof(AuthnOutcome.Allow))]
    [InlineData("'sesame' AS other", nameof(AuthnOutcome.Deny))]
    [InlineData("NULL::text AS password_hash", nameof(AuthnOutcome.Deny))]
    [InlineData("no_such_column", nameof(AuthnOutcome.Ignore))]
    public async Task The_columns_say_what_is_compared(string columns, string outcome)
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await using var authenticator = Make($"SELECT {columns}", more: ""","password_hash_algorithm":{"name":"plain","salt_position":"disable"}""");
        Assert.Equal(outcome, (await authenticator.AskAsync("sesame")).Outcome.ToString());
    }

    [Fact]
    public async Task Hashes_of_bcrypt_are_compared()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await using var authenticator = Make("SELECT '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' AS password_hash", more: ""","password_hash_algorithm":{"name":"bcrypt"}""");
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("U*U")).Outcome);
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AskAsync("U*V")).Outcome);
    }

    [Theory]
    [InlineData("""SELECT ${password} AS password WHERE ${clientid} = 'c1' AND ${peerhost} = '127.0.0.1' AND ${username} = 'ann'""")]
    [InlineData("""SELECT "${password}" AS password WHERE "${clientid}" = 'c1'""")]
    [InlineData("""SELECT 'sesame' AS password WHERE ${client_attrs.group} = ''""")]
    public async Task Places_are_parameters_of_the_query(string query)
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        foreach (var isDisabled in new[] { "true", "false" })
        {
            await using var authenticator = Make(query, more: $$""","disable_prepared_statements":{{isDisabled}},"password_hash_algorithm":{"name":"plain","salt_position":"disable"}""");
            for (var i = 0; i < 3; i++)
                Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("sesame")).Outcome);
        }
    }

    [Fact]
    public async Task A_database_that_is_away_says_nothing_and_is_asked_again_when_it_is_back()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await using var server = await PostgreSqlServer.StartAsync();
        await using var authenticator = Make("SELECT 'sesame' AS password", ""","password_hash_algorithm":{"name":"plain","salt_position":"disable"}""", server);
        var backend = (IAccessBackend)authenticator;
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("sesame")).Outcome);
        Assert.Equal(ResourceStatus.Connected, backend.Status);
        await server.StopAsync();
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("sesame")).Outcome);
        Assert.Equal(ResourceStatus.Disconnected, backend.Status);
        await server.RunAsync();
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("sesame")).Outcome);
        Assert.Equal(ResourceStatus.Connected, backend.Status);
        var read = backend.ResourceMetrics.Read();
        Assert.Equal((3, 2, 1), (read.Total, read.Positive, read.Negative));
    }

    [Fact]
    public async Task A_database_that_stands_still_holds_nobody_up_beyond_his_patience()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        var clock = new ManualClock();
        await using var server = await PostgreSqlServer.StartAsync();
        await using var authenticator = Make("SELECT 'sesame' AS password", ""","pool_size":1,"password_hash_algorithm":{"name":"plain","salt_position":"disable"}""", server, clock);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("sesame")).Outcome);
        await server.FreezeAsync(isFrozen: true);
        for (var i = 0; i < 2; i++)
        {
            var asked = authenticator.AskAsync("sesame").AsTask();
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(AuthnOutcome.Ignore, (await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken)).Outcome);
        }

        await server.FreezeAsync(isFrozen: false);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("sesame").AsTask().WaitAsync(Patience.Long, TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task One_whose_password_is_wrong_is_disconnected_and_one_that_answers_is_connected()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        await using var wrong = Make("SELECT 1", ""","password":"wrong" """);
        Assert.Equal(ResourceStatus.Disconnected, await ((IAccessBackend)wrong).CheckAsync(TestContext.Current.CancellationToken));
        await using var right = Make("SELECT 1");
        Assert.Equal(ResourceStatus.Connected, await ((IAccessBackend)right).CheckAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Makes a table with two users; gives its name.</summary>
    private async Task<string> UsersAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        var name = $"users_{Guid.NewGuid():N}";
        await table.RunAsync(
            $"CREATE TABLE {name} (username VARCHAR(100) PRIMARY KEY, password_hash VARCHAR(100), salt CHAR(2), is_superuser BOOLEAN)",
            $"INSERT INTO {name} VALUES ('ann', '{HashOf("s1ann's")}', 's1', false), ('root', '{HashOf("s2root's")}', 's2', true)");
        return name;
    }

    private IAuthenticator Make(string query, string more = "", PostgreSqlServer? server = null, TimeProvider? time = null) => Authenticators.Make($$"""
        {"mechanism":"password_based","backend":"postgresql","server":"127.0.0.1:{{(server ?? table.Server).Port}}","database":"{{PostgreSqlServer.Database}}",
        "username":"{{PostgreSqlServer.User}}","password":"{{PostgreSqlServer.Password}}","query":{{System.Text.Json.JsonSerializer.Serialize(query)}}{{more}}}
        """, time);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
