using Emqx.Broker.Access;
using Emqx.Broker.Access.Sql;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.Drivers.Sql;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Access.Sql;

/// <summary>What is asked of a database, and what becomes of those who ask one that hangs.</summary>
public sealed class SqlBackendTests
{
    private static readonly SqlTemplate s_query = Template("SELECT ${username}");
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData("a = ${username} AND b = ${clientid} OR ${.username}", "a = $1 AND b = $2 OR $3", "ann", "c1", "ann")]
    [InlineData("\"${username}\"${clientid}\"", "$1$2\"", "ann", "c1")]
    [InlineData("'${username}' \"x${clientid}\"", "'$1' \"x$2\"", "ann", "c1")]
    [InlineData("${topic} ${$}{username} ${zone}", "${topic} ${username} $1", "default")]
    public void Places_of_a_query_become_parameters(string query, string statement, params string[] values)
    {
        var template = Template(query);
        Assert.Equal(statement, template.Statement);
        Assert.Equal(values, template.Fill(Client()));
    }

    [Fact]
    public void What_is_no_text_is_not_sent()
    {
        Assert.Null(s_query.Fill(Client("a\0b")));
        Assert.Null(Template("SELECT ${password}").Fill(Client() with { Password = new byte[] { 0xFF } }));
    }

    [Theory]
    [InlineData("a,b", "expecting_one_host_but_got: 2")]
    [InlineData("/var/run", "bad_host_port")]
    [InlineData("5432", "expecting_hostname_but_got_a_number")]
    public void A_database_is_on_one_host(string server, string problem)
    {
        Assert.Null(Authenticators.Check($$"""{"mechanism":"password_based","backend":"postgresql","server":"{{server}}","database":"d","username":"u","query":"SELECT 1"}""", out var problems));
        Assert.Contains(problem, Assert.Single(problems).Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_holds_its_clients_up_for_a_time_and_nobody_longer()
    {
        var database = new HangingDatabase();
        await using var backend = Backend(database);
        var first = backend.AskAsync(s_query, Client(), CancellationToken.None).AsTask();
        var second = backend.AskAsync(s_query, Client(), CancellationToken.None).AsTask();
        Assert.Equal(1, database.Asked); // the other waits for its turn
        _clock.Advance(SqlBackend.Patience + TimeSpan.FromMilliseconds(1));
        Assert.Null(await first.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
        Assert.Null(await second.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
        Assert.Equal(ResourceStatus.Disconnected, backend.Status);
        database.Answers = true;
        Assert.NotNull(await backend.AskAsync(s_query, Client(), CancellationToken.None));
        Assert.Equal(ResourceStatus.Connected, backend.Status);
    }

    [Fact]
    public async Task Nothing_is_opened_before_the_first_query()
    {
        var opened = 0;
        await using var backend = new SqlBackend(Settings, _ =>
        {
            opened++;
            return new HangingDatabase { Answers = true };
        }, _clock, NullLogger.Instance);
        Assert.Equal((0, ResourceStatus.Connecting), (opened, backend.Status));
        Assert.Equal(ResourceStatus.Connected, await backend.CheckAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, opened);
    }

    private static SqlBackendSettings Settings => new(("127.0.0.1", 1), "mqtt", "emqx", "", PoolSize: 1, SqlBackend.Patience, Tls: null, Prepares: true);

    private static SqlTemplate Template(string query) => new(query, TemplateNames.Authentication, static number => $"${number}");

    private static TemplateValues Client(string username = "ann") => new(FakeClient.Info("c1", username));

    private SqlBackend Backend(HangingDatabase database) => new(Settings, _ => database, _clock, NullLogger.Instance);

    /// <summary>Answers when it is told to, and else never.</summary>
    private sealed class HangingDatabase : ISqlDatabase
    {
        public bool Answers { get; set; }
        public int Asked { get; private set; }

        public async Task<SqlRows> QueryAsync(string statement, IReadOnlyList<string> values, CancellationToken cancellation)
        {
            Asked++;
            if (!Answers)
                await Task.Delay(Timeout.Infinite, cancellation);
            return new([], []);
        }

        public Task CheckAsync(CancellationToken cancellation) => QueryAsync("", [], cancellation);

        public ValueTask DisposeAsync() => default;
    }
}
