using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>
/// The one thread that talks to the database. What has gathered while it wrote becomes one transaction: many concurrent
/// writers share one sync to the disk. A change is told done after its commit.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Changes that may wait; who comes later waits outside.</summary>
    public const int Capacity = 4096;

    /// <summary>Milliseconds for which changes that nobody waits for stay in memory at most.</summary>
    private const int Patience = 500;

    /// <summary>Milliseconds without a change after which the log is moved into the database.</summary>
    private const int Idle = 5000;

    /// <summary>Frames of the log from which on it is moved whether there is time or not: some 4 MB.</summary>
    private const int MostFrames = 1000;

    private readonly SqliteSession _session;
    private readonly WalMark _mark;
    private readonly object _gate = new();
    private readonly SemaphoreSlim _slots = new(Capacity);
    private readonly Dictionary<string, int> _lazyByKey = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<SqliteJob> _waiting = [];
    private List<SqliteJob> _running = [];
    private int _urgent;
    private bool _stopping;
    private bool _isMoved = true;

    public SqliteWriter(SqliteSession session, WalMark mark)
    {
        _session = session;
        _mark = mark;
        new Thread(Loop) { IsBackground = true, Name = "sqlite" }.Start();
    }

    /// <summary>Transactions written so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Makes the change. The token ends the waiting for a place only: what is handed in is written.</summary>
    public async ValueTask WriteAsync(Action<SqliteSession> write, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var job = new WriteJob(write);
            Add(job);
            await job.Done;
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var job = new ReadJob<T>(read);
        Add(job);
        return await job.Done;
    }

    /// <summary>Makes the change soon. A later one of the same key takes its place; beyond the capacity it is dropped.</summary>
    public void WriteSoon(string? key, Action<SqliteSession> write)
    {
        var job = new LazyJob(write) { Urgent = false };
        lock (_gate)
        {
            if (key is not null && _lazyByKey.TryGetValue(key, out var index))
            {
                _waiting[index] = job;
                return;
            }

            if (_stopping || _waiting.Count >= 2 * Capacity)
                return;
            if (key is not null)
                _lazyByKey[key] = _waiting.Count;
            _waiting.Add(job);
            if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what waits, closes the database and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task;
    }

    private void Add(SqliteJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waiting.Add(job);
            if (++_urgent == 1)
                Monitor.Pulse(_gate);
        }
    }

    private void Loop()
    {
        while (TakeBatch())
        {
            RunBatch();
            if (!_isMoved && (_running.Count == 0 || _mark.Frames >= MostFrames))
                MoveLog();
            _running.Clear();
        }

        _mark.Clear();
        _session.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>Waits for jobs and swaps the lists, empty where it is time to move the log; false when there is nothing more to come.</summary>
    private bool TakeBatch()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping && Monitor.Wait(_gate, _isMoved ? Timeout.Infinite : Idle))
            {
                // Woken: there may be something to do now.
            }

            if (_urgent == 0 && _waiting.Count > 0 && !_stopping)
                Monitor.Wait(_gate, Patience);
            (_waiting, _running) = (_running, _waiting);
            _lazyByKey.Clear();
            _urgent = 0;
            return _running.Count > 0 || !_stopping;
        }
    }

    private void RunBatch()
    {
        try
        {
            RunTogether(_running);
            foreach (var job in _running)
                job.Complete();
        }
        catch (Exception) when (_running.Count > 1)
        {
            foreach (var job in _running)
                RunAlone(job);
        }
        catch (Exception e)
        {
            _running[0].Fail(e);
        }
    }

    private void RunAlone(SqliteJob job)
    {
        try
        {
            RunTogether([job]);
            job.Complete();
        }
        catch (Exception e)
        {
            job.Fail(e);
        }
    }

    private void RunTogether(List<SqliteJob> jobs)
    {
        if (jobs.Count == 0)
            return;
        _session.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var job in jobs)
                job.Run(_session);
            _session.Execute("COMMIT");
            Commits++;
            Note();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void Note()
    {
        try
        {
            _mark.Advance();
            _isMoved = _mark.Frames == 0;
        }
        catch (IOException)
        {
            // The change is made; the next note makes up for this one.
        }
    }

    private void MoveLog()
    {
        _isMoved = true;
        try
        {
            _session.Checkpoint(_mark);
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            // A full disk, mostly: everything is in the log still, and the next change brings another try.
        }
    }

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does after some errors.
        }
    }
}
