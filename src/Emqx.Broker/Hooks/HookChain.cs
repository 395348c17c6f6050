using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>What a link of a chain decides.</summary>
internal enum HookResult
{
    /// <summary>The next one is asked.</summary>
    Continue,

    /// <summary>The argument stands as it is; nobody else is asked.</summary>
    Stop,
}

/// <summary>One link: may change the argument, or end the chain.</summary>
internal delegate HookResult HookLink<T>(T argument);

/// <summary>
/// Callbacks that run in order of priority on the connection's own path and may change or stop what happens. They
/// must not block. A chain that nobody uses costs one read. A link that throws is logged and passed over.
/// </summary>
internal sealed class HookChain<T>(string name, ILogger logger) where T : class
{
    private readonly Lock _gate = new();
    private Entry[] _entries = [];

    private sealed record Entry(int Priority, HookLink<T> Link);

    /// <summary>EMQX's name of the hook.</summary>
    public string Name { get; } = name;

    /// <summary>Whether anybody listens.</summary>
    public bool IsUsed => _entries.Length != 0;

    /// <summary>Adds a link; higher priorities run first. Dispose the result to remove it.</summary>
    public IDisposable Add(HookLink<T> link, int priority = 0)
    {
        var entry = new Entry(priority, link);
        lock (_gate)
        {
            var at = Array.FindIndex(_entries, e => e.Priority < priority);
            var list = _entries.ToList();
            list.Insert(at < 0 ? list.Count : at, entry);
            Volatile.Write(ref _entries, list.ToArray());
        }

        return new Registration(() => Remove(entry));
    }

    /// <summary>Runs the links.</summary>
    public void Run(T argument)
    {
        foreach (var entry in _entries)
        {
            try
            {
                if (entry.Link(argument) == HookResult.Stop)
                    return;
            }
#pragma warning disable CA1031 // A hook that throws is logged, never fatal.
            catch (Exception error)
            {
                HooksLog.Failed(logger, Name, error);
            }
#pragma warning restore CA1031
        }
    }

    private void Remove(Entry entry)
    {
        lock (_gate)
            Volatile.Write(ref _entries, _entries.Where(e => e != entry).ToArray());
    }
}
