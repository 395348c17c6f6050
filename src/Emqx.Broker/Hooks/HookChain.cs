using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>
/// Callbacks that run in order of priority on the way of what happens and may change or stop it. While no link waits
/// a run costs no more than the calls; one that nobody uses costs one read. A link that throws is logged and passed over.
/// </summary>
internal sealed class HookChain<T>(string name, ILogger logger, TimeProvider time) where T : class
{
    /// <summary>How long a chain waits for all its links together; beyond it nobody has answered.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The same where links ask other systems, which have timeouts of their own: those of the configuration count up to here.</summary>
    public static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Entry[] _entries = [];
    private CancellationTokenSource? _spare; // of a link that could have waited and did not

    private sealed record Entry(HookPriority Priority, PlainHookLink<T>? Plain, HookLink<T>? Link, Predicate<T>? Concerns);

    /// <summary>EMQX's name of the hook.</summary>
    public string Name { get; } = name;

    /// <summary>How long the links may take together once one of them waits.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Whether anybody listens.</summary>
    public bool IsUsed => _entries.Length != 0;

    /// <summary>Adds a link that answers at once; higher priorities run first. Dispose the result to remove it.</summary>
    public IDisposable Add(PlainHookLink<T> link, HookPriority priority = HookPriority.Normal) => Add(new Entry(priority, link, null, null));

    /// <summary>Adds a link that may answer later; higher priorities run first. Dispose the result to remove it.</summary>
    public IDisposable Add(HookLink<T> link, HookPriority priority = HookPriority.Normal) => Add(new Entry(priority, null, link, null));

    /// <summary>Adds a link that may answer later where <paramref name="concerns"/> says yes; all else passes it as a link that answers at once.</summary>
    public IDisposable Add(HookLink<T> link, Predicate<T> concerns, HookPriority priority) => Add(new Entry(priority, null, link, concerns));

    /// <summary>
    /// Runs the links. Completes at once when none waits; after a wait what follows runs on the thread pool. False: a link has not
    /// answered in time, or <paramref name="cancellation"/> came first; the argument says nothing then.
    /// </summary>
    public ValueTask<bool> RunAsync(T argument, CancellationToken cancellation = default)
    {
        var entries = _entries;
        for (var i = 0; i < entries.Length; i++)
        {
            try
            {
                if (entries[i].Plain is { } plain)
                {
                    if (plain(argument) == HookResult.Stop)
                        break;
                    continue;
                }

                if (entries[i].Concerns is { } concerns && !concerns(argument))
                    continue;
                var patience = TakePatience();
                var answer = entries[i].Link!(argument, patience.Token);
                if (!answer.IsCompleted)
                    return WaitAsync(argument, entries, i, answer, patience, cancellation);
                Volatile.Write(ref _spare, patience);
                if (answer.GetAwaiter().GetResult() == HookResult.Stop)
                    break;
            }
            catch (Exception error) // A hook that throws is logged, never fatal.
            {
                HooksLog.Failed(logger, Name, error);
            }
        }

        return new(true);
    }

    /// <summary>The rest of a run from the first link that waits.</summary>
    private async ValueTask<bool> WaitAsync(T argument, Entry[] entries, int at, ValueTask<HookResult> answer, CancellationTokenSource patience,
        CancellationToken cancellation)
    {
        patience.CancelAfter(Timeout);
        using var joined = cancellation.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), patience);
        while (true)
        {
            var result = await AnswerAsync(answer, patience.Token).ConfigureAwait(false);
            await PoolThread.Switch();
            if (result is null)
                return false;
            if (result == HookResult.Stop || ++at == entries.Length)
            {
                patience.Dispose();
                return true;
            }

            answer = Ask(entries[at], argument, patience.Token);
        }
    }

    private static ValueTask<HookResult> Ask(Entry entry, T argument, CancellationToken cancellation)
    {
        try
        {
            if (entry.Plain is { } plain)
                return new(plain(argument));
            return entry.Concerns is { } concerns && !concerns(argument) ? new(HookResult.Continue) : entry.Link!(argument, cancellation);
        }
        catch (Exception error) // It is logged where the answer is looked at.
        {
            return ValueTask.FromException<HookResult>(error);
        }
    }

    /// <summary>What a link says, a failure being no objection; null when it has not said it in time.</summary>
    private async ValueTask<HookResult?> AnswerAsync(ValueTask<HookResult> answer, CancellationToken patience)
    {
        try
        {
            return await answer.AsTask().WaitAsync(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            HooksLog.GivenUp(logger, Name);
            return null;
        }
        catch (Exception error) // A hook that throws is logged, never fatal.
        {
            HooksLog.Failed(logger, Name, error);
            return HookResult.Continue;
        }
    }

    private CancellationTokenSource TakePatience() =>
        Interlocked.Exchange(ref _spare, null) ?? new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, time);

    private Registration Add(Entry entry)
    {
        lock (_gate)
        {
            var at = Array.FindIndex(_entries, e => e.Priority < entry.Priority);
            var list = _entries.ToList();
            list.Insert(at < 0 ? list.Count : at, entry);
            Volatile.Write(ref _entries, list.ToArray());
        }

        return new Registration(() => Remove(entry));
    }

    private void Remove(Entry entry)
    {
        lock (_gate)
            Volatile.Write(ref _entries, _entries.Where(e => e != entry).ToArray());
    }
}
