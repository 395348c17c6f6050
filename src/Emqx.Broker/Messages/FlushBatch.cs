namespace Emqx.Broker.Messages;

/// <summary>
/// Collects what was written to while a thread handles one read (or one publish of the API), so that each
/// is flushed once at the end: a burst costs one system call a receiver, not one a message.
/// </summary>
internal sealed class FlushBatch
{
    [ThreadStatic]
    private static FlushBatch? s_batch;

    private IFlushable[] _written = new IFlushable[16];
    private int _count;
    private int _depth;

    /// <summary>Begins a batch on this thread; batches may nest. Pair with <see cref="End"/>, with no await between them.</summary>
    public static FlushBatch Begin()
    {
        var batch = s_batch ??= new FlushBatch();
        batch._depth++;
        return batch;
    }

    /// <summary>The batch under way on this thread, or null.</summary>
    public static FlushBatch? Current => s_batch is { _depth: > 0 } batch ? batch : null;

    public void Add(IFlushable written)
    {
        if (_count == _written.Length)
            Array.Resize(ref _written, _count * 2);
        _written[_count++] = written;
    }

    /// <summary>Ends the batch; the outermost end flushes.</summary>
    public void End()
    {
        if (--_depth > 0)
            return;
        for (var i = 0; i < _count; i++)
        {
            // A flush may break a connection, whose will may be delivered: that batches anew behind this one.
            var written = _written[i];
            _written[i] = null!;
            written.Flush();
        }

        _count = 0;
        if (_written.Length > 4096)
            _written = new IFlushable[16];
    }
}
