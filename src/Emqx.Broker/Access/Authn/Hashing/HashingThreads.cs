namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>
/// A few threads of their own for hashes that take milliseconds on purpose: clients that log in wait for each other, and never hold up
/// anybody's messages. They come with the first hash and go when none was asked for some seconds.
/// </summary>
internal sealed class HashingThreads : IDisposable
{
    /// <summary>Clients that may wait for a hash.</summary>
    public const int MostClients = 4096;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<IJob> _clients = new();
    private readonly Queue<IJob> _others = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly int _most;
    private int _threads;
    private int _idle;
    private bool _isOthersTurn;
    private bool _isOver;

    public HashingThreads() : this(Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    /// <param name="most">Threads at most.</param>
    internal HashingThreads(int most) => _most = most;

    private interface IJob
    {
        void Run();

        void End();
    }

    /// <summary>Clients that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _clients.Count;
        }
    }

    /// <summary>Compares a client's password. Null: too many wait already.</summary>
    public Task<bool>? TryCompare(Func<bool> compare, CancellationToken cancellation)
    {
        var job = new Job<bool>(compare, cancellation);
        return TryAdd(_clients, MostClients, job) ? job.Result.WaitAsync(cancellation) : null;
    }

    /// <summary>Makes a hash for the API, in turn with those of clients; whoever asks waits for one before the next.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var job = new Job<T>(work, cancellation);
        return TryAdd(_others, int.MaxValue, job) ? job.Result.WaitAsync(cancellation) : Task.FromCanceled<T>(new CancellationToken(canceled: true));
    }

    /// <summary>Ends the threads; who waits is told that nothing comes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var job in _clients.Concat(_others))
                job.End();
            _clients.Clear();
            _others.Clear();
            _work.Release(Math.Max(1, _threads));
        }
    }

    private bool TryAdd(Queue<IJob> queue, int capacity, IJob job)
    {
        lock (_gate)
        {
            if (_isOver || queue.Count >= capacity)
                return false;
            queue.Enqueue(job);
            if (_threads < _most && _clients.Count + _others.Count > _idle)
            {
                _threads++;
                new Thread(Loop) { IsBackground = true, Name = "hashing" }.Start();
            }
        }

        _work.Release();
        return true;
    }

    private void Loop()
    {
        while (TryTake(out var job))
            job?.Run();
    }

    /// <summary>Waits for work; null where it was taken back, false where there is none for long.</summary>
    private bool TryTake(out IJob? job)
    {
        lock (_gate)
            _idle++;
        var isWoken = _work.Wait(s_patience);
        lock (_gate)
        {
            _idle--;
            job = Next();
            if (_isOver || (!isWoken && job is null))
            {
                _threads--;
                return false;
            }

            return true;
        }
    }

    private IJob? Next()
    {
        _isOthersTurn = !_isOthersTurn;
        var (first, second) = _isOthersTurn ? (_others, _clients) : (_clients, _others);
        return first.TryDequeue(out var job) || second.TryDequeue(out job) ? job : null;
    }

    private sealed class Job<T>(Func<T> work, CancellationToken cancellation) : IJob
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _done.Task;

        /// <summary>Who does not wait any more costs nothing.</summary>
        public void Run()
        {
            if (cancellation.IsCancellationRequested)
            {
                _done.TrySetCanceled(cancellation);
                return;
            }

            try
            {
                _done.TrySetResult(work());
            }
            catch (Exception error)
            {
                _done.TrySetException(error);
            }
        }

        public void End() => _done.TrySetCanceled(CancellationToken.None);
    }
}
