using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Where the logs of traces are.</summary>
internal interface ITraceFiles
{
    /// <summary>The log of a trace, there already or not.</summary>
    ITraceFile Of(StoredTrace trace);

    /// <summary>Deletes the logs of all other traces.</summary>
    void DeleteAllBut(IEnumerable<StoredTrace> kept);
}

/// <summary>
/// The log of one trace. May be written and read at once; what fails throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface ITraceFile
{
    /// <summary>What it is called, <c>trace_NAME_2026-11-22.log</c>.</summary>
    string Name { get; }

    /// <summary>Bytes that it may have.</summary>
    long MostBytes { get; }

    /// <summary>Whether so many bytes more stay within what the logs of all traces may have together.</summary>
    bool HasRoomFor(int count);

    /// <summary>Makes it where it is not there.</summary>
    void Make();

    void Append(ReadOnlySpan<byte> lines);

    void Delete();

    /// <summary>Null where it is not there.</summary>
    TraceFileFacts? Look();

    /// <summary>What is in it so far; null where it is not there.</summary>
    Stream? OpenRead();
}

/// <param name="Size">Bytes.</param>
/// <param name="WrittenAt">Unix seconds.</param>
internal readonly record struct TraceFileFacts(long Size, long WrittenAt);
