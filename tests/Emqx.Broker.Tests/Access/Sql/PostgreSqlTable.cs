using Emqx.Drivers.PostgreSql;
using Emqx.Drivers.Sql;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Sql;

/// <summary>One PostgreSQL for all tests of a class; each has tables of its own.</summary>
public sealed class PostgreSqlTable : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private PostgreSqlDatabase? _database;

    internal PostgreSqlServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        if (PostgreSqlServer.Missing is not null)
            return;
        _server = await PostgreSqlServer.StartAsync();
        _database = new(new SqlAddress("127.0.0.1", _server.Port, PostgreSqlServer.Database, PostgreSqlServer.User, PostgreSqlServer.Password, 4, Patience.Long, null, Prepares: false));
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Runs statements, one after the other.</summary>
    internal async Task RunAsync(params string[] statements)
    {
        foreach (var statement in statements)
            await _database!.QueryAsync(statement, [], TestContext.Current.CancellationToken);
    }

    internal Task<SqlRows> QueryAsync(string statement, params string[] values) => _database!.QueryAsync(statement, values, TestContext.Current.CancellationToken);
}
