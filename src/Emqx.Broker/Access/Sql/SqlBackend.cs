using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Timing;
using Emqx.Drivers.Sql;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Sql;

/// <summary>
/// A database that authenticators and sources ask. Nothing of it is there before the first query. As many queries at most as it may have connections are under
/// way; others wait for their turn, no longer than their answers may take.
/// </summary>
/// <param name="settings">How it is reached.</param>
/// <param name="open">Makes what asks it; run for the first query.</param>
internal sealed class SqlBackend(SqlBackendSettings settings, Func<SqlBackendSettings, ISqlDatabase> open, TimeProvider time, ILogger logger) : IAccessBackend, IAsyncDisposable
{
    /// <summary>What an answer may take, waiting for its turn and connecting included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly BackendTurns _turns = new(settings.PoolSize);
    private readonly BackendHealth _health = new(settings.Name, time, logger);
    private readonly LineASecond _wrongRows = new(time);
    private ISqlDatabase? _database;
    private bool _isDisposed;

    public ResourceStatus Status => _health.Status;

    public EntryMetrics ResourceMetrics => _health.Metrics;

    /// <summary>Asks; null: there is no answer, whatever the reason.</summary>
    public async ValueTask<SqlRows?> AskAsync(SqlTemplate template, TemplateValues values, CancellationToken cancellation)
    {
        ResourceMetrics.CountAsked();
        SqlRows? rows = null;
        try
        {
            if (template.Fill(values) is { } filled)
                rows = await TryAsync((database, token) => database.QueryAsync(template.Statement, filled, token), settings.Patience, cancellation).ConfigureAwait(false);
            else
                _health.Tell("a value can not be sent to it");
        }
        finally
        {
            ResourceMetrics.Count(rows is null ? EntryVerdict.Negative : EntryVerdict.Positive);
        }

        return rows;
    }

    public async ValueTask<ResourceStatus> CheckAsync(CancellationToken cancellation)
    {
        if (_health.IsFresh)
            return Status;
        await TryAsync(static async (database, token) =>
        {
            await database.CheckAsync(token).ConfigureAwait(false);
            return database;
        }, settings.Patience < BackendHealth.ProbePatience ? settings.Patience : BackendHealth.ProbePatience, cancellation).ConfigureAwait(false);
        return Status;
    }

    /// <summary>Queries that are under way end without an answer.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            return _database?.DisposeAsync() ?? default;
        }
    }

    /// <summary>Tells of a row that is not what it should be.</summary>
    public void TellWrongRow(string why)
    {
        if (_wrongRows.IsDue(out var count))
            AccessLog.NoRule(logger, settings.Name, count, why);
    }

    private async ValueTask<T?> TryAsync<T>(Func<ISqlDatabase, CancellationToken, Task<T>> ask, TimeSpan most, CancellationToken cancellation) where T : class
    {
        using var patience = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var answer = await AskInTurnAsync(ask, either.Token).ConfigureAwait(false);
            if (answer is not null)
                _health.Note(ResourceStatus.Connected);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _health.Note(ResourceStatus.Disconnected);
            _health.Tell($"no answer within {most.TotalSeconds} s");
        }
        catch (Exception error) when (IsOfDatabase(error))
        {
            _health.Note(IsOfQuery(error) ? ResourceStatus.Connected : ResourceStatus.Disconnected);
            _health.Tell(error.Message);
        }

        return null;
    }

    private async ValueTask<T?> AskInTurnAsync<T>(Func<ISqlDatabase, CancellationToken, Task<T>> ask, CancellationToken cancellation) where T : class
    {
        if (!await _turns.TryEnterAsync(cancellation).ConfigureAwait(false))
        {
            _health.Tell("too many queries wait");
            return null;
        }

        try
        {
            return await ask(Database(), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Leave();
        }
    }

    private static bool IsOfDatabase(Exception error) =>
        error is DbException or IOException or SocketException or TimeoutException or ObjectDisposedException or InvalidOperationException or CryptographicException or AuthenticationException;

    /// <summary>Whether the database is there, and only does not take the query or a value of it: SQL's classes 42 and 22.</summary>
    private static bool IsOfQuery(Exception error) =>
        error is DbException { SqlState: { } state } && (state.StartsWith("42", StringComparison.Ordinal) || state.StartsWith("22", StringComparison.Ordinal));

    private ISqlDatabase Database()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _database ??= open(settings);
        }
    }
}
