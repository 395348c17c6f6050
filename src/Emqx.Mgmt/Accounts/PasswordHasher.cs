using System.Security.Cryptography;

namespace Emqx.Mgmt.Accounts;

/// <summary>The rounds of new password hashes.</summary>
internal sealed record PasswordRounds(int Count)
{
    /// <summary>What OWASP asks for with SHA-256.</summary>
    public static readonly PasswordRounds Usual = new(600_000);
}

/// <summary>
/// Hashes passwords on one thread of its own: a hash takes a fifth of a second of a core, which neither the threads of requests nor
/// those of MQTT have to spare, and strangers may keep one core busy, not all.
/// </summary>
internal sealed class PasswordHasher(PasswordRounds rounds) : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private readonly object _gate = new();
    private readonly HashQueue<Job> _queue = new();
    private Thread? _thread;
    private bool _isOver;

    /// <summary>The rounds of new hashes.</summary>
    public int Rounds => rounds.Count;

    /// <summary>Hashes a password; null where too many wait. One of fewer rounds than usual takes as long as any.</summary>
    public async Task<byte[]?> HashAsync(HashTurn turn, string password, byte[] salt, int iterations, CancellationToken cancellation)
    {
        var job = new Job(password, salt, iterations, cancellation);
        if (!TryAdd(turn, job))
            return null;
        return await job.Done.Task.WaitAsync(cancellation);
    }

    /// <summary>A new salt and the hash of a password with it, for somebody who may set one.</summary>
    public async Task<(byte[] Salt, byte[] Hash)> HashNewAsync(string password, CancellationToken cancellation)
    {
        var salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltSize);
        var hash = await HashAsync(default, password, salt, rounds.Count, cancellation);
        return (salt, hash ?? throw new OperationCanceledException("The node stops"));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            while (_queue.Count > 0)
                _queue.Take().Done.TrySetResult(null);
            Monitor.Pulse(_gate);
        }
    }

    private bool TryAdd(HashTurn turn, Job job)
    {
        lock (_gate)
        {
            if (_isOver || !_queue.TryAdd(turn, job, out var displaced))
                return false;
            displaced?.Done.TrySetResult(null);
            if (_thread is null)
                (_thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "passwords" }).Start();
            else
                Monitor.Pulse(_gate);
        }

        return true;
    }

    private void Run()
    {
        while (Take() is { } job)
        {
            if (job.Cancellation.IsCancellationRequested)
                continue; // nobody waits for it
            try
            {
                job.Done.TrySetResult(Compute(job));
            }
            catch (CryptographicException error)
            {
                job.Done.TrySetException(error);
            }
        }
    }

    private Job? Take()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isOver)
                Monitor.Wait(_gate);
            return _isOver ? null : _queue.Take();
        }
    }

    private byte[] Compute(Job job)
    {
        var hash = PasswordHash.Of(job.Password, job.Salt, job.Iterations);
        if (job.Iterations < rounds.Count)
            PasswordHash.Of(job.Password, job.Salt, rounds.Count - job.Iterations);
        return hash;
    }

    private sealed record Job(string Password, byte[] Salt, int Iterations, CancellationToken Cancellation)
    {
        public TaskCompletionSource<byte[]?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
