using System.Net.Security;
using Emqx.Drivers.Sql;
using Npgsql;
using NpgsqlTypes;

namespace Emqx.Drivers.PostgreSql;

/// <summary>
/// A PostgreSQL database. Values go to it as texts whose type it finds out itself, and come back as texts, so that it needs to know of no types, its
/// own or made by others. Variables of the environment say nothing of it.
/// </summary>
internal sealed class PostgreSqlDatabase : ISqlDatabase
{
    /// <summary>Statements that a connection keeps prepared; there is one, and one more after each change.</summary>
    private const int MostPrepared = 4;

    private readonly NpgsqlDataSource _source;

    public PostgreSqlDatabase(SqlAddress address)
    {
        var builder = new NpgsqlSlimDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = address.Host,
                Port = address.Port,
                Database = address.Database,
                Username = address.Username,
                MaxPoolSize = Math.Min(address.PoolSize, 1024), // more have no room in its pool
                Timeout = Math.Max(1, (int)address.Patience.TotalSeconds),
                CommandTimeout = 0, // whoever asks has his own patience
                CancellationTimeout = -1, // a connection that has not answered in time is given up
                TcpKeepAlive = true,
                TcpKeepAliveTime = 10,
                TcpKeepAliveInterval = 2,
                MaxAutoPrepare = address.Prepares ? MostPrepared : 0,
                AutoPrepareMinUsages = 1,
                GssEncryptionMode = GssEncryptionMode.Disable,
                SslMode = address.Tls is null ? SslMode.Disable : SslMode.Require,
            },
        };
        builder.ConfigureTypeLoading(static loading => loading.EnableTypeLoading(false));
        builder.UsePasswordProvider(_ => address.Password, (_, _) => new(address.Password));
        if (address.Tls is { } tls)
        {
            builder.EnableTransportSecurity();
            builder.UseSslClientAuthenticationOptionsCallback(options => Copy(tls, options));
        }

        _source = builder.Build();
    }

    /// <summary>
    /// The package asks the server to end a query that is given up, and waits for that: where the server hangs nobody but the thread that does it may
    /// wait, and its connection stays out of the pool for as long.
    /// </summary>
    public async Task<SqlRows> QueryAsync(string statement, IReadOnlyList<string> values, CancellationToken cancellation)
    {
        var end = new CancellationTokenSource();
        var running = RunAsync(statement, values, end.Token);
        try
        {
            return await running.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (running.IsCompleted)
                end.Dispose();
            else
                _ = GiveUpAsync(running, end);
        }
    }

    public async Task CheckAsync(CancellationToken cancellation) => await QueryAsync("SELECT 1", [], cancellation).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task GiveUpAsync(Task running, CancellationTokenSource end)
    {
        await end.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task<SqlRows> RunAsync(string statement, IReadOnlyList<string> values, CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
        await using var __ = command.ConfigureAwait(false);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown });
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ___ = reader.ConfigureAwait(false);
        return await ReadAsync(reader, cancellation).ConfigureAwait(false);
    }

    private static async Task<SqlRows> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var columns = new string[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = reader.GetName(i);
        var rows = new List<object?[]>();
        var left = SqlRows.LongestText;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var row = new object?[columns.Length];
            for (var i = 0; i < row.Length; i++)
            {
                var text = reader.IsDBNull(i) ? null : reader.GetString(i);
                left -= text?.Length ?? 0;
                row[i] = text is null ? null : PostgreSqlText.Read(text, reader.GetDataTypeOID(i));
            }

            rows.Add(row);
            if (rows.Count > SqlRows.Most || left < 0)
                throw new IOException("the answer is too long");
        }

        return new(columns, rows);
    }

    private static void Copy(SslClientAuthenticationOptions tls, SslClientAuthenticationOptions options)
    {
        options.EnabledSslProtocols = tls.EnabledSslProtocols;
        options.CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode;
        options.CipherSuitesPolicy = tls.CipherSuitesPolicy;
        options.TargetHost = tls.TargetHost;
        options.RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback;
        options.ClientCertificates = tls.ClientCertificates;
        options.ClientCertificateContext = tls.ClientCertificateContext;
    }
}
