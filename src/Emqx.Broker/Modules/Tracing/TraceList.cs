using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>The traces of this node: which there are, and which of them run.</summary>
internal sealed class TraceList(ITraceStore store, TraceRunner runner, NodeIdentity node, TimeProvider time) : ITraceDirectory, ITraceControl, INodeModule, IDisposable
{
    private const int MostTraces = 30;
    private const long UsualSeconds = 600;

    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly OneAtATime _changing = new();
    private readonly Lock _gate = new();
    private readonly List<KeptTrace> _traces = []; // changed one at a time, and under the gate

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var stored in await store.LoadAsync(cancellation).ConfigureAwait(false))
        {
            if (KeptTrace.FromStored(stored, runner.Files) is { } trace)
                _traces.Add(trace);
        }

        runner.DeleteAllBut(_traces);
        runner.Run(_traces, Now());
    }

    public async ValueTask<TraceCreation> CreateAsync(TraceWish wish, CancellationToken cancellation)
    {
        using var turn = await _changing.TakeAsync(cancellation).ConfigureAwait(false);
        if (ProblemOf(wish, out var trace) is { } problem)
            return problem;
        await store.SaveAsync(trace!.Stored, CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
            _traces.Add(trace);
        runner.Run(_traces, Now());
        return new(TraceOutcome.Done, StateOf(trace));
    }

    public async ValueTask<bool> StopAsync(string name, CancellationToken cancellation)
    {
        using var turn = await _changing.TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(name) is not { } trace)
            return false;
        if (!trace.Stored.Enable)
            return true;
        var stopped = trace.Stored with { Enable = false };
        await store.SaveAsync(stopped, CancellationToken.None).ConfigureAwait(false);
        trace.Stored = stopped;
        runner.Run(_traces, Now());
        return true;
    }

    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        using var turn = await _changing.TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(name) is not { } trace)
            return false;
        await store.DeleteAsync(name, CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
            _traces.Remove(trace);
        runner.Run(_traces, Now());
        runner.Delete(trace);
        return true;
    }

    public async ValueTask ClearAsync(CancellationToken cancellation)
    {
        using var turn = await _changing.TakeAsync(cancellation).ConfigureAwait(false);
        await store.ClearAsync(CancellationToken.None).ConfigureAwait(false);
        KeptTrace[] all = [.. _traces];
        lock (_gate)
            _traces.Clear();
        runner.Run(_traces, Now());
        foreach (var trace in all)
            runner.Delete(trace);
    }

    public ValueTask ResetAsync(CancellationToken cancellation) => ClearAsync(cancellation);

    /// <summary>Starts those whose time has come, and ends those whose time is over.</summary>
    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        if (_traces.Count == 0)
            return;
        using var turn = await _changing.TakeAsync(cancellation).ConfigureAwait(false);
        runner.Run(_traces, now / 1000);
    }

    public ValueTask<IReadOnlyList<TraceState>> ListAsync(CancellationToken cancellation)
    {
        KeptTrace[] all;
        lock (_gate)
            all = [.. _traces];
        return new([.. all.OrderByDescending(static trace => trace.Stored.StartAt).Select(StateOf)]);
    }

    public ValueTask<IReadOnlyList<TraceFileState>?> DescribeLogsAsync(string name, CancellationToken cancellation)
    {
        if (Find(name) is not { } trace)
            return new((IReadOnlyList<TraceFileState>?)null);
        return new(trace.File.Look() is { } facts ? [new(node.Name, facts)] : []);
    }

    public async ValueTask<TraceReading> ReadLogAsync(string name, string? wanted, long position, int bytes, CancellationToken cancellation)
    {
        if (wanted is not null && wanted != node.Name)
            return new(TraceOutcome.UnknownNode);
        if (Find(name) is not { } trace)
            return new(TraceOutcome.UnknownTrace);
        return await TraceReader.ReadAsync(trace.File, position, bytes, cancellation).ConfigureAwait(false);
    }

    public ValueTask<TraceOpening> OpenLogsAsync(string name, string? wanted, CancellationToken cancellation)
    {
        if (Find(name) is not { } trace)
            return new(new TraceOpening(TraceOutcome.UnknownTrace, []));
        if (wanted is not null && wanted != node.Name)
            return new(new TraceOpening(TraceOutcome.UnknownNode, []));
        var content = trace.File.OpenRead();
        if (content is { Length: > 0 })
            return new(new TraceOpening(TraceOutcome.Done, [new($"{node.Name}-{trace.File.Name}", content.Length, content)]));
        content?.Dispose();
        return new(new TraceOpening(TraceOutcome.Done, []));
    }

    public void Dispose() => _changing.Dispose();

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private KeptTrace? Find(string name)
    {
        lock (_gate)
            return _traces.Find(trace => trace.Stored.Name == name);
    }

    private TraceState StateOf(KeptTrace trace) =>
        new(trace.Stored, trace.StatusAt(Now()), new Dictionary<string, long> { [node.Name] = trace.File.Look()?.Size ?? 0 });

    /// <summary>What is wrong with a wish, in the order in which EMQX looks; null, and the trace, where nothing is.</summary>
    private TraceCreation? ProblemOf(TraceWish wish, out KeptTrace? trace)
    {
        trace = null;
        if (_traces.Count >= MostTraces)
            return Invalid("The number of traces created has reached the maximum please delete the useless ones first");
        if (wish.Filter is not { } text)
            return Invalid($"required {wish.Type.Word()} field");
        if (!TraceFilter.TryParse(wish.Type, text, out _, out var error))
            return Invalid(error);
        var now = Now();
        var start = wish.StartAt ?? now;
        var end = wish.EndAt ?? Math.Min(start + UsualSeconds, s_latest);
        if (wish.EndAt <= now)
            return Invalid("end_at time has already passed");
        if (end <= start)
            return Invalid("failed by start_at >= end_at");
        if (Find(wish.Name) is not null)
            return new(TraceOutcome.NameTaken, null, wish.Name);
        var stored = new StoredTrace(wish.Name, wish.Type.Word(), text, wish.PayloadEncode.Word(), wish.IsJson ? "json" : "text", start, end, Enable: true);
        if (_traces.Find(other => other.Stored.Type == stored.Type && other.Stored.Filter == text && other.Stored.StartAt == start) is { } same)
            return new(TraceOutcome.DuplicateCondition, null, same.Stored.Name);
        trace = KeptTrace.FromStored(stored, runner.Files);
        return trace is null ? Invalid("Name should be ^[A-Za-z]+[A-Za-z0-9-_]*$") : null;
    }

    private static TraceCreation Invalid(string reason) => new(TraceOutcome.Invalid, null, reason);
}
