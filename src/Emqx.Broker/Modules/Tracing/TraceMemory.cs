using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Logs of a node that keeps nothing on disk.</summary>
internal sealed class TraceMemory(TimeProvider time) : ITraceFiles
{
    public ITraceFile Of(StoredTrace trace) => new Bytes(TraceFolder.NameOf(trace), time);

    public void DeleteAllBut(IEnumerable<StoredTrace> kept)
    {
        // They went with the process.
    }

    private sealed class Bytes(string name, TimeProvider time) : ITraceFile
    {
        private readonly Lock _gate = new();
        private MemoryStream? _bytes;
        private long _writtenAt;

        public string Name => name;

        public long MostBytes => 1 << 20;

        public bool HasRoomFor(int count) => true;

        public void Make() => Append(default);

        public void Append(ReadOnlySpan<byte> lines)
        {
            lock (_gate)
            {
                (_bytes ??= new MemoryStream()).Write(lines);
                _writtenAt = time.GetUtcNow().ToUnixTimeSeconds();
            }
        }

        public void Delete()
        {
            lock (_gate)
                _bytes = null;
        }

        public TraceFileFacts? Look()
        {
            lock (_gate)
                return _bytes is { } bytes ? new(bytes.Length, _writtenAt) : null;
        }

        public Stream? OpenRead()
        {
            lock (_gate)
                return _bytes is { } bytes ? new MemoryStream(bytes.ToArray(), writable: false) : null;
        }
    }
}
