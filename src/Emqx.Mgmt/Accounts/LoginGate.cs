using System.Collections.Concurrent;

namespace Emqx.Mgmt.Accounts;

/// <summary>Bounds on checks of passwords: few at once (each costs tens of milliseconds of a core), few wrong ones a minute from one address.</summary>
internal sealed class LoginGate(TimeProvider time) : IDisposable
{
    private const int AtOnce = 2;
    private const int MostWaiting = 32;
    private const int MostFailures = 120;
    private const int MostAddresses = 10_000;
    private const long WindowMilliseconds = 60_000;

    private readonly SemaphoreSlim _checks = new(AtOnce);
    private readonly ConcurrentDictionary<string, Window> _failures = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Runs a check; null where too many are under way or this address was wrong too often.</summary>
    public async Task<bool?> CheckAsync(string address, Func<bool> check, CancellationToken cancellation)
    {
        if (IsBlocked(address))
            return null;
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting + AtOnce)
                return null;
            await _checks.WaitAsync(cancellation);
            try
            {
                var isRight = check();
                if (!isRight)
                    NoteFailure(address);
                return isRight;
            }
            finally
            {
                _checks.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _checks.Dispose();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsBlocked(string address) => _failures.TryGetValue(address, out var window) && window.Failures >= MostFailures && Now - window.Start < WindowMilliseconds;

    private void NoteFailure(string address)
    {
        if (_failures.Count >= MostAddresses)
            _failures.Clear();
        var now = Now;
        _failures.AddOrUpdate(address, static (_, now) => new(now, 1), static (_, window, now) =>
            now - window.Start < WindowMilliseconds ? window with { Failures = window.Failures + 1 } : new(now, 1), now);
    }

    private readonly record struct Window(long Start, int Failures);
}
