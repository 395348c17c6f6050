using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;

namespace Emqx.Broker.Tests.Modules.Retainer;

/// <summary>A storage whose disk the test holds up or breaks.</summary>
internal sealed class HeldStore : IRetainedMessageStore
{
    private readonly InMemoryRetainedMessageStore _kept = new();
    private TaskCompletionSource? _held;
    private int _writes;

    /// <summary>Every write fails while it is set.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Writes that were begun.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Lets writes wait, or, with false, go on.</summary>
    public void Hold(bool isHeld)
    {
        var before = Interlocked.Exchange(ref _held, isHeld ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null);
        before?.TrySetResult();
    }

    public ValueTask LoadAsync(Action<byte[]> each, CancellationToken cancellation) => _kept.LoadAsync(each, cancellation);

    public async ValueTask WriteAsync(bool clears, IReadOnlyCollection<KeyValuePair<string, byte[]?>> changes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _writes);
        if (Volatile.Read(ref _held) is { } held)
            await held.Task;
        if (IsBroken)
            throw new IOException("the disk is full");
        await _kept.WriteAsync(clears, changes, cancellation);
    }
}
