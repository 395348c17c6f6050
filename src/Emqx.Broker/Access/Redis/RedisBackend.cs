using System.Security.Cryptography;
using Emqx.Broker.Access.Templates;
using Emqx.Drivers.Redis;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Redis;

/// <summary>
/// A Redis that authenticators and sources ask. Nothing of it is there before the first question. Whoever is not answered in time is not answered; so many commands at most are
/// under way, and while it is away they fail at once.
/// </summary>
/// <param name="name">What the log calls it.</param>
internal sealed class RedisBackend(RedisAddress address, string name, TimeProvider time, ILogger logger) : IAccessBackend, IAsyncDisposable
{
    /// <summary>Commands that wait for their answers; more are not sent.</summary>
    private const int MostUnderWay = 10_000;

    /// <summary>After which a first connection that has failed is tried again.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly BackendHealth _health = new(name, time, logger);
    private Task<RedisClient>? _client;
    private long _begunAt;
    private int _underWay;
    private bool _isDisposed;

    public ResourceStatus Status => _health.Status;

    public EntryMetrics ResourceMetrics => _health.Metrics;

    /// <summary>Asks; null: there is no answer, whatever the reason.</summary>
    public async ValueTask<IReadOnlyList<byte[]?>?> AskAsync(RedisCommand command, TemplateValues values, CancellationToken cancellation)
    {
        ResourceMetrics.CountAsked();
        IReadOnlyList<byte[]?>? read = null;
        try
        {
            var answer = await InTimeAsync(SendAsync(command, values), address.Patience, cancellation).ConfigureAwait(false);
            _health.Note(answer.IsAway ? ResourceStatus.Disconnected : ResourceStatus.Connected);
            if (answer.Why is { } why)
                _health.Tell(why);
            read = answer.Values;
        }
        finally
        {
            ResourceMetrics.Count(read is null ? EntryVerdict.Negative : EntryVerdict.Positive);
        }

        return read;
    }

    /// <summary>Tells the log, but not each time, why nothing came of a question.</summary>
    public void Tell(string why) => _health.Tell(why);

    public async ValueTask<ResourceStatus> CheckAsync(CancellationToken cancellation)
    {
        if (!_health.IsFresh)
            _health.Note((await InTimeAsync(PingAsync(), BackendHealth.ProbePatience, cancellation).ConfigureAwait(false)).IsAway ? ResourceStatus.Disconnected : ResourceStatus.Connected);
        return Status;
    }

    /// <summary>Commands that are under way end without an answer.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<RedisClient>? client;
        lock (_gate)
        {
            _isDisposed = true;
            client = _client;
        }

        try
        {
            if (client is not null)
                await (await client.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or CryptographicException)
        {
            // It had never connected.
        }
    }

    private async Task<RedisAnswer> InTimeAsync(Task<RedisAnswer> asked, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await asked.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new(null, $"no answer within {patience.TotalSeconds} s", IsAway: true);
        }
    }

    /// <summary>Never fails: who waits for it may be gone when it ends, which it does by itself.</summary>
    private async Task<RedisAnswer> SendAsync(RedisCommand command, TemplateValues values)
    {
        try
        {
            if (Interlocked.Increment(ref _underWay) > MostUnderWay)
                return new(null, "too many commands are under way");
            var client = await ClientAsync().ConfigureAwait(false);
            return await client.AskAsync(command.Name, command.Fill(values)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or CryptographicException or ObjectDisposedException)
        {
            return new(null, error.Message, IsAway: true);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Never fails, as <see cref="SendAsync"/>.</summary>
    private async Task<RedisAnswer> PingAsync()
    {
        try
        {
            var client = await ClientAsync().ConfigureAwait(false);
            var why = await client.PingAsync().ConfigureAwait(false);
            return new([], why, IsAway: why is not null);
        }
        catch (Exception error) when (error is IOException or CryptographicException or ObjectDisposedException)
        {
            return new(null, error.Message, IsAway: true);
        }
    }

    /// <summary>One for all. Where none could be made it is tried again, but not for each question.</summary>
    private Task<RedisClient> ClientAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_client is null || (_client.IsFaulted && time.GetElapsedTime(_begunAt) >= s_again))
            {
                _client = RedisClient.ConnectAsync(address);
                _begunAt = time.GetTimestamp();
            }

            return _client;
        }
    }
}
