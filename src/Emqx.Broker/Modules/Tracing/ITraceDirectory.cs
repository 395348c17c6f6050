using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>The traces of the cluster, and their logs on each node.</summary>
internal interface ITraceDirectory
{
    /// <summary>All traces, the latest start first.</summary>
    ValueTask<IReadOnlyList<TraceState>> ListAsync(CancellationToken cancellation);

    /// <summary>What the nodes have written for a trace; null where there is no such trace.</summary>
    ValueTask<IReadOnlyList<TraceFileState>?> DescribeLogsAsync(string name, CancellationToken cancellation);

    /// <summary>A piece of a log: whole characters, as far as there are <paramref name="bytes"/>, and a bounded number of them.</summary>
    /// <param name="node">Where the log is; null: here.</param>
    /// <param name="position">Bytes before it.</param>
    ValueTask<TraceReading> ReadLogAsync(string name, string? node, long position, int bytes, CancellationToken cancellation);

    /// <summary>Opens the logs of a trace, those of one node or all: empty ones are left out. Whoever asks disposes of them.</summary>
    ValueTask<TraceOpening> OpenLogsAsync(string name, string? node, CancellationToken cancellation);
}

/// <summary>Makes and ends traces. What has been answered is on disk.</summary>
internal interface ITraceControl
{
    /// <summary>Makes a trace, which sees all that happens from its start on.</summary>
    ValueTask<TraceCreation> CreateAsync(TraceWish wish, CancellationToken cancellation);

    /// <summary>Stops a trace; it stays, with its log. False: there is none.</summary>
    ValueTask<bool> StopAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes a trace and its log. False: there is none.</summary>
    ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes all traces and their logs.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>A trace that somebody wants.</summary>
/// <param name="Filter">Null where none of its type was given.</param>
/// <param name="StartAt">Unix seconds; null: now.</param>
/// <param name="EndAt">Unix seconds; null: ten minutes after its start.</param>
internal sealed record TraceWish(string Name, TraceType Type, string? Filter, PayloadEncode PayloadEncode, bool IsJson, long? StartAt, long? EndAt);

/// <summary>What became of the wish for a trace.</summary>
internal enum TraceOutcome
{
    Done,
    Invalid,
    NameTaken,

    /// <summary>Another one has the same type and filter, and starts in the same second.</summary>
    DuplicateCondition,
    UnknownTrace,
    UnknownNode,
}

/// <param name="Made">The new trace; null unless the outcome is <see cref="TraceOutcome.Done"/>.</param>
/// <param name="Reason">What is wrong, or the name that is in the way.</param>
internal sealed record TraceCreation(TraceOutcome Outcome, TraceState? Made, string Reason = "");

/// <summary>A trace at a moment.</summary>
/// <param name="Status">waiting, running or stopped.</param>
/// <param name="Sizes">Bytes of its logs by node.</param>
internal sealed record TraceState(StoredTrace Trace, string Status, IReadOnlyDictionary<string, long> Sizes);

/// <summary>The log of a trace on a node.</summary>
internal readonly record struct TraceFileState(string Node, TraceFileFacts Facts);

/// <param name="Text">What was read; empty at the end.</param>
/// <param name="Next">Where it goes on.</param>
internal sealed record TraceReading(TraceOutcome Outcome, string Text = "", long Next = 0);

/// <summary>Logs that were opened, or why not.</summary>
internal sealed record TraceOpening(TraceOutcome Outcome, IReadOnlyList<OpenedLog> Logs);

/// <param name="Name">As it is called in an archive.</param>
/// <param name="Size">Bytes of it that count: more may follow while it is read.</param>
internal sealed record OpenedLog(string Name, long Size, Stream Content);
