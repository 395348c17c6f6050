namespace Emqx.Broker.Modules.Tracing;

/// <summary>Has those traces run whose time it is. Not to be called at once by several.</summary>
internal sealed class TraceRunner(ITraceFiles files, TraceTaps taps, TraceWriter writer, TimeProvider time)
{
    private int _known;

    public ITraceFiles Files => files;

    /// <summary>Brings what runs to what should run at a time, Unix seconds.</summary>
    public void Run(IReadOnlyList<KeptTrace> traces, long now)
    {
        var isOther = _known != traces.Count;
        for (var i = 0; i < traces.Count; i++)
            isOther |= TryChange(traces[i], traces[i].StatusAt(now) == "running");
        _known = traces.Count;
        if (isOther)
            taps.Use([.. traces.Where(static trace => trace.IsRunning).Select(static trace => new RunningTrace(trace.Filter, trace.Log!))]);
    }

    /// <summary>Deletes what a trace has written. It is none of those that run any more.</summary>
    public void Delete(KeptTrace trace) => Try(trace.Log is { } log ? log.Delete : trace.File.Delete);

    /// <summary>Deletes what traces have written that are there no more.</summary>
    public void DeleteAllBut(IEnumerable<KeptTrace> kept) => Try(() => files.DeleteAllBut(kept.Select(static trace => trace.Stored)));

    private bool TryChange(KeptTrace trace, bool runs)
    {
        if (trace.IsRunning == runs)
            return false;
        trace.IsRunning = runs;
        if (!runs)
        {
            trace.Log!.End();
            return true;
        }

        Try(trace.File.Make);
        trace.Log ??= new TraceLog(trace.File, new TraceForm(trace.Stored.Formatter == "json", trace.Encode, time), writer);
        trace.Log.Begin();
        return true;
    }

    /// <summary>What the disk refuses here it will be asked for again: a file by its next line, or by the next start.</summary>
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            writer.TellOf(error);
        }
    }
}
