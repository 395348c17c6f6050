using Emqx.Broker.Schema;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>A trace, its log's file, and the way there while it runs.</summary>
internal sealed class KeptTrace
{
    private StoredTrace _stored;

    private KeptTrace(StoredTrace stored, TraceFilter filter, PayloadEncode encode, ITraceFile file)
    {
        _stored = stored;
        Filter = filter;
        Encode = encode;
        File = file;
    }

    public TraceFilter Filter { get; }

    public PayloadEncode Encode { get; }

    public ITraceFile File { get; }

    public StoredTrace Stored
    {
        get => Volatile.Read(ref _stored);
        set => Volatile.Write(ref _stored, value);
    }

    /// <summary>Where its lines go; null before it has run.</summary>
    public TraceLog? Log { get; set; }

    public bool IsRunning { get; set; }

    /// <summary>Null where it is none that this version can run, or has a name that could lead a file elsewhere.</summary>
    public static KeptTrace? FromStored(StoredTrace stored, ITraceFiles files)
    {
        return ResourceNameKind.IsName(stored.Name) && TraceWords.TryParse<TraceType>(stored.Type, out var type) && TraceWords.TryParse<PayloadEncode>(stored.PayloadEncode, out var encode)
            && TraceFilter.TryParse(type, stored.Filter, out var filter, out _)
            ? new KeptTrace(stored, filter, encode, files.Of(stored))
            : null;
    }

    /// <summary>EMQX's word for its state at a time, Unix seconds.</summary>
    public string StatusAt(long now)
    {
        var stored = Stored;
        if (!stored.Enable || now >= stored.EndAt)
            return "stopped";
        return now < stored.StartAt ? "waiting" : "running";
    }
}
