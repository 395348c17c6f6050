using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>
/// Callbacks told of something that has happened, on the path where it happened. A listener that takes longer than a
/// few microseconds puts the event on a bounded channel of its own and counts what it drops.
/// </summary>
internal sealed class HookEvent<T>(string name, ILogger logger)
{
    private readonly Lock _gate = new();
    private Action<T>[] _listeners = [];

    /// <summary>EMQX's name of the hook.</summary>
    public string Name { get; } = name;

    /// <summary>Whether anybody listens: check it before building the argument.</summary>
    public bool IsUsed => _listeners.Length != 0;

    /// <summary>Adds a listener. Dispose the result to remove it.</summary>
    public IDisposable Add(Action<T> listener)
    {
        lock (_gate)
            Volatile.Write(ref _listeners, [.. _listeners, listener]);
        return new Registration(() =>
        {
            lock (_gate)
                Volatile.Write(ref _listeners, _listeners.Where(l => l != listener).ToArray());
        });
    }

    /// <summary>Tells every listener.</summary>
    public void Tell(T argument)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(argument);
            }
            catch (Exception error) // A hook that throws is logged, never fatal.
            {
                HooksLog.Failed(logger, Name, error);
            }
        }
    }
}
