using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Access;

/// <summary>Lets so many questions be under way at once; others wait for their turn, a bounded number of them.</summary>
/// <param name="atOnce">How many.</param>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks for the semaphore's wait handle, so that it holds nothing of the system.")]
internal sealed class BackendTurns(int atOnce)
{
    /// <summary>Questions that wait for their turn; more are not asked.</summary>
    private const int MostWaiting = 10_000;

    private readonly SemaphoreSlim _free = new(atOnce);
    private int _waiting;

    /// <summary>Waits for a turn, which <see cref="Leave"/> gives back. False: too many wait already.</summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                return false;
            await _free.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _free.Release();
}
