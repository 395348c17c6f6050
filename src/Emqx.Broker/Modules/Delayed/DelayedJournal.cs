using Emqx.Broker.Hooks;
using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// Brings what happens to waiting messages to the store, in order and all together what has gathered while it wrote. What comes and goes
/// meanwhile is never written.
/// </summary>
internal sealed class DelayedJournal(IDelayedStore store, ILogger<DelayedJournal> logger)
{
    /// <summary>Messages that are stored in one step, so that the other changes of the node come in between.</summary>
    private const int MostRows = 1000;

    /// <summary>Bytes that are stored in one step.</summary>
    private const long MostBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly WorkQueue<bool> _wake = new(1);
    private Batch _next = new();
    private Task _written = Task.CompletedTask;
    private long _lastPlace;

    /// <summary>Changes that are stored one after the other, and those who wait for them.</summary>
    private sealed class Batch
    {
        /// <summary>Before all else everything goes.</summary>
        public bool Clears { get; set; }

        public Dictionary<long, DelayedMessage> Added { get; } = [];
        public List<long> Removed { get; } = [];
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool IsEmpty => !Clears && Added.Count == 0 && Removed.Count == 0;
    }

    /// <summary>A place for a message that comes.</summary>
    public long NextPlace() => Interlocked.Increment(ref _lastPlace);

    /// <summary>What the store has kept. Places go on behind it.</summary>
    public async ValueTask<IReadOnlyList<StoredDelayedMessage>> LoadAsync(CancellationToken cancellation)
    {
        var stored = await store.LoadAsync(cancellation).ConfigureAwait(false);
        if (stored.Count > 0)
            _lastPlace = Math.Max(_lastPlace, stored[^1].Place);
        return stored;
    }

    /// <summary>A message waits from now on. The task completes when it is on disk, and fails where it cannot be.</summary>
    public Task Add(DelayedMessage message)
    {
        Task done;
        lock (_gate)
        {
            _next.Added[message.Place] = message;
            done = _next.Done.Task;
        }

        _wake.Add(true);
        return done;
    }

    /// <summary>A message waits no more.</summary>
    public void Remove(DelayedMessage message)
    {
        if (message.Place == 0)
            return;
        lock (_gate)
        {
            if (_next.Added.Remove(message.Place))
                return;
            _next.Removed.Add(message.Place);
        }

        _wake.Add(true);
    }

    /// <summary>Nothing waits any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clears = true;
            _next.Added.Clear();
            _next.Removed.Clear();
        }

        _wake.Add(true);
    }

    /// <summary>Completes when all that has happened so far is on disk.</summary>
    public Task SettledAsync()
    {
        lock (_gate)
            return _next.IsEmpty ? _written : _next.Done.Task;
    }

    /// <summary>Writes until the node stops, and then what is left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _wake.RunAsync((_, _) => WriteNextAsync(), logger, cancellation).ConfigureAwait(false);
        await WriteNextAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteNextAsync()
    {
        Batch batch;
        lock (_gate)
        {
            batch = _next;
            _next = new();
            _written = batch.Done.Task;
        }

        try
        {
            await WriteAsync(batch).ConfigureAwait(false);
            batch.Done.SetResult();
        }
        catch (Exception error) // A full disk, mostly: whoever waits is told.
        {
            DelayedLog.NotStored(logger, batch.Added.Count, batch.Removed.Count, error);
            TryAgainWithNext(batch);
            batch.Done.SetException(error);
            _ = batch.Done.Task.Exception; // looked at, whether somebody waits or not
        }
    }

    private async ValueTask WriteAsync(Batch batch)
    {
        if (batch.Clears)
            await store.ClearAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var piece in batch.Removed.Chunk(MostRows))
            await store.DeleteAsync(piece, CancellationToken.None).ConfigureAwait(false);
        var rows = new List<StoredDelayedMessage>();
        var bytes = 0L;
        foreach (var message in batch.Added.Values)
        {
            rows.Add(message.ToStored());
            bytes += message.Size;
            if (rows.Count < MostRows && bytes < MostBytes)
                continue;
            await store.SaveAsync(rows, CancellationToken.None).ConfigureAwait(false);
            rows = [];
            bytes = 0;
        }

        if (rows.Count > 0)
            await store.SaveAsync(rows, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What has left must not come back with a restart.</summary>
    private void TryAgainWithNext(Batch failed)
    {
        lock (_gate)
        {
            _next.Clears |= failed.Clears;
            _next.Removed.AddRange(failed.Removed);
        }
    }
}
