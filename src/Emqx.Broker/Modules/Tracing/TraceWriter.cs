using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>The thread that writes the logs of all traces, so that a slow disk is waited for by nobody else. It is there while something is traced.</summary>
internal sealed class TraceWriter(ILogger<TraceWriter> logger) : IDisposable
{
    /// <summary>Milliseconds without a line after which it ends.</summary>
    private const int Idle = 10_000;

    /// <summary>Milliseconds before a disk that has not taken something is tried again.</summary>
    private const int Pause = 1000;

    /// <summary>Milliseconds that the end waits for what is not written yet.</summary>
    private const int Patience = 2000;

    private readonly object _gate = new();
    private readonly Queue<TraceLog> _waiting = new(); // each of them once
    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;
    private volatile bool _hasFailed;

    /// <summary>A log has lines to be written.</summary>
    public void Add(TraceLog log)
    {
        lock (_gate)
        {
            if (_stopping.IsSet)
                return;
            _waiting.Enqueue(log);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "traces" }).UnsafeStart();
            else
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what waits, in bounded time.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            _stopping.Set();
            thread = _thread;
            Monitor.Pulse(_gate);
        }

        thread?.Join(Patience); // the event is not disposed of: a thread that is stuck in the disk may still ask it
    }

    /// <summary>The disk has refused something: told once, until it takes something again.</summary>
    public void TellOf(Exception error)
    {
        if (!_hasFailed)
            TracingLog.WriteFailed(logger, error.Message);
        _hasFailed = true;
    }

    private void Run()
    {
        while (Next() is { } log)
        {
            try
            {
                log.Write();
                _hasFailed = false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                TellOf(error);
                _stopping.Wait(Pause);
            }
        }
    }

    private TraceLog? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping.IsSet || (!Monitor.Wait(_gate, Idle) && _waiting.Count == 0))
                {
                    _thread = null;
                    return null;
                }
            }

            return _waiting.Dequeue();
        }
    }
}
