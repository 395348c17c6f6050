using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>
/// What a hook hands over to be done later, one by one, by a loop of its own. Nobody waits to hand over: what does not fit is dropped and counted.
/// </summary>
internal sealed class WorkQueue<T>
{
    private readonly Channel<T> _channel;
    private long _dropped;

    public WorkQueue(int capacity)
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true };
        _channel = Channel.CreateBounded<T>(options, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>What was lost because too much came at once.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Hands over, or drops.</summary>
    public void Add(T item) => _channel.Writer.TryWrite(item);

    /// <summary>Does the work until the node stops. A piece that fails is logged, and the next one is done.</summary>
    public async Task RunAsync(Func<T, CancellationToken, ValueTask> work, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in _channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                await DoAsync(work, item, logger, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private static async ValueTask DoAsync(Func<T, CancellationToken, ValueTask> work, T item, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await work(item, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HooksLog.WorkFailed(logger, error);
        }
    }
}
