namespace Emqx.Broker.Storage;

/// <summary>
/// Lets changes of what stands in two places (memory and a store, settings and sockets) be made one after the other: each looks at what is
/// there and brings both to the new state. The token ends the waiting for a turn only; what has begun is finished.
/// </summary>
internal sealed class OneAtATime : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The next turn, which lasts until it is disposed of.</summary>
    public async ValueTask<Turn> TakeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        return new(_turn);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>A turn that somebody has.</summary>
    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
