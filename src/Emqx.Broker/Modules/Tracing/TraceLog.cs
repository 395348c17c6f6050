using System.Buffers;
using System.Globalization;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>
/// The lines of a running trace on their way to its file. Whoever adds one does not wait: what a slow or full disk does not take stays in memory
/// up to a bound, and what is beyond it is dropped and counted, as is what does not fit into what all traces may have together. A file that has its
/// size gets no more, as in EMQX.
/// </summary>
internal sealed class TraceLog(ITraceFile file, TraceForm form, TraceWriter writer)
{
    /// <summary>Bytes that wait; one line may go beyond.</summary>
    public const int MostWaiting = 1 << 20;

    /// <summary>A buffer that a burst has made larger is let go.</summary>
    private const int LargestKept = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Lock _writing = new(); // held while the file is worked on; never while clients wait
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _taken = new();
    private long _dropped;
    private bool _isQueued;
    private bool _isOver;
    private bool _isDeleted;

    /// <summary>Takes an event.</summary>
    public void Add(in TraceEvent told)
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            if (_waiting.WrittenCount >= MostWaiting)
            {
                _dropped++;
                return;
            }

            form.Write(_waiting, told);
            if (_isQueued)
                return;
            _isQueued = true;
        }

        writer.Add(this);
    }

    /// <summary>Takes lines again.</summary>
    public void Begin()
    {
        lock (_gate)
            _isOver = false;
    }

    /// <summary>Takes no more; what is there is written in the writer's time.</summary>
    public void End()
    {
        lock (_gate)
            _isOver = true;
    }

    /// <summary>Throws away what waits, and the file.</summary>
    public void Delete()
    {
        End();
        lock (_writing)
        {
            _isDeleted = true;
            file.Delete();
        }
    }

    /// <summary>Writes what waits. What the disk does not take is dropped.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void Write()
    {
        lock (_writing)
        {
            var dropped = Take();
            var lines = _taken.WrittenSpan.Count((byte)'\n');
            try
            {
                if (_isDeleted)
                    return;
                if (dropped > 0)
                    TellOfDropped(dropped);
                if (!TryAppend(_taken.WrittenSpan))
                    Count(dropped + lines);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Count(dropped + lines);
                throw;
            }
            finally
            {
                Empty();
            }
        }
    }

    /// <summary>Changes the two buffers; gives how many lines were dropped and not told of.</summary>
    private long Take()
    {
        lock (_gate)
        {
            _isQueued = false;
            (_waiting, _taken) = (_taken, _waiting);
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    private void Empty()
    {
        if (_taken.Capacity > LargestKept)
            _taken = new();
        else
            _taken.ResetWrittenCount();
    }

    private void TellOfDropped(long count)
    {
        ReadOnlySpan<TraceField> fields = [new("count", count.ToString(CultureInfo.InvariantCulture))];
        form.Write(_taken, new TraceEvent("API", "trace_lines_dropped") { Fields = fields });
    }

    private void Count(long dropped)
    {
        lock (_gate)
            _dropped += dropped;
    }

    /// <summary>False where there is no room now, which there may be later.</summary>
    private bool TryAppend(ReadOnlySpan<byte> lines)
    {
        var size = file.Look()?.Size ?? 0;
        if (size + lines.Length > file.MostBytes)
            End();
        else if (file.HasRoomFor(lines.Length))
            file.Append(lines);
        else
            return false;
        return true;
    }
}
