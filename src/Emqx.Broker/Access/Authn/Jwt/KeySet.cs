using Emqx.Broker.Access.Http;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>
/// The keys at an address. They are fetched when they are first needed, and again when one is needed after the interval: one fetch at a time, however
/// many clients come, with whatever tokens. Meanwhile those of before count, and they stay while none can be had.
/// </summary>
internal sealed class KeySet(HttpBackend backend, RequestTemplate request, TimeSpan interval, TimeProvider time) : IAccessBackend, IAsyncDisposable
{
    /// <summary>The shortest time from one fetch to the next, as in EMQX; also how soon it is tried again while there are no keys.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly TimeSpan _interval = interval > Shortest ? interval : Shortest;
    private IReadOnlyList<TokenKey>? _keys;
    private Task? _fetch;
    private long _fetchedAt;

    /// <summary>Disconnected where keys could not be had at the last fetch.</summary>
    public ResourceStatus Status { get; private set; } = ResourceStatus.Connecting;

    public EntryMetrics ResourceMetrics => backend.ResourceMetrics;

    /// <summary>The keys; none where they can not be had. Who comes first waits for them, no longer than a fetch may take.</summary>
    public async ValueTask<IReadOnlyList<TokenKey>> GetAsync(CancellationToken cancellation)
    {
        var fetch = Refresh();
        if (Volatile.Read(ref _keys) is { } known)
            return known;
        await fetch.WaitAsync(cancellation).ConfigureAwait(false);
        return Volatile.Read(ref _keys) ?? [];
    }

    public async ValueTask<ResourceStatus> CheckAsync(CancellationToken cancellation)
    {
        await GetAsync(cancellation).ConfigureAwait(false);
        return Status;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        Task? last;
        lock (_gate)
            last = _fetch;
        if (last is not null)
            await last.ConfigureAwait(false);
        backend.Dispose();
        _over.Dispose();
    }

    /// <summary>The fetch that is under way, or was the last; a new one where it is time.</summary>
    private Task Refresh()
    {
        lock (_gate)
        {
            if (_fetch is not null && (!_fetch.IsCompleted || _over.IsCancellationRequested || time.GetElapsedTime(_fetchedAt) < (_keys is null ? Shortest : _interval)))
                return _fetch;
            _fetchedAt = time.GetTimestamp();
            return _fetch = _over.IsCancellationRequested ? Task.CompletedTask : FetchAsync();
        }
    }

    /// <summary>Fetches, off the caller's thread; does not fail.</summary>
    private async Task FetchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var answer = await backend.AskAsync(request, default, _over.Token).ConfigureAwait(false);
            var keys = answer is { Status: 200 } found ? TokenKeyReader.ReadSet(found.ReadJson()) : null;
            if (keys is not null)
                Volatile.Write(ref _keys, keys);
            Status = keys is null ? ResourceStatus.Disconnected : ResourceStatus.Connected;
        }
        catch (OperationCanceledException)
        {
            // The authenticator is gone.
        }
    }
}
