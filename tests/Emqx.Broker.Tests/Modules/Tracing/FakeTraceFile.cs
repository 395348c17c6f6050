using System.Text;
using Emqx.Broker.Modules.Tracing;
using Emqx.TestKit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>A file on a disk that can be slow, full or broken.</summary>
internal sealed class FakeTraceFile : ITraceFile
{
    private readonly Lock _gate = new();
    private readonly MemoryStream _bytes = new();

    /// <summary>Reset while the disk takes its time.</summary>
    public ManualResetEventSlim Takes { get; } = new(initialState: true);

    /// <summary>Set while somebody waits for the disk.</summary>
    public ManualResetEventSlim IsAsked { get; } = new();

    public volatile bool IsBroken;

    public bool IsDeleted { get; private set; }

    public string Name => "trace_t_2026-01-01.log";

    public long MostBytes { get; init; } = long.MaxValue;

    /// <summary>Whether all logs together have fewer bytes than they may.</summary>
    public volatile bool HasRoom = true;

    public bool HasRoomFor(int count) => HasRoom;

    public string Text
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_bytes.ToArray());
        }
    }

    public void Make() => Append(default);

    public void Append(ReadOnlySpan<byte> lines)
    {
        IsAsked.Set();
        if (!Takes.Wait(Patience.Long))
            throw new ExpectationException("nobody has let the disk go on");
        if (IsBroken)
            throw new IOException("no space left on device");
        lock (_gate)
        {
            _bytes.Write(lines);
            IsDeleted = false;
        }
    }

    public void Delete() => IsDeleted = true;

    public TraceFileFacts? Look()
    {
        lock (_gate)
            return new(_bytes.Length, 0);
    }

    public Stream? OpenRead()
    {
        lock (_gate)
            return new MemoryStream(_bytes.ToArray());
    }
}
