using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access;

/// <summary>
/// What the entries of a list stand for, in its order. An entry that stays as it is keeps its instance when others change; the
/// instances of those that went are disposed a moment later. While any is enabled, a link hangs on a hook's chain.
/// </summary>
/// <param name="nameOf">The name of an entry's type, by which it is the same one after a change.</param>
/// <param name="make">Makes what an enabled entry stands for.</param>
/// <param name="logger">Hears of what could not be made.</param>
internal sealed class EntryInstances<T>(Func<ConfigObject, string?> nameOf, Func<ConfigObject, T> make, ILogger logger) : IDisposable where T : class, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WorkQueue<T> _gone = new(capacity: 1000);
    private EntryInstance<T>[] _all = [];
    private EntryInstance<T>[] _current = [];
    private IDisposable? _link;
    private long _seconds;

    /// <summary>The enabled ones.</summary>
    public EntryInstance<T>[] Current => Volatile.Read(ref _current);

    /// <summary>All, disabled ones too.</summary>
    public EntryInstance<T>[] All => Volatile.Read(ref _all);

    /// <summary>Follows a root of the configuration from now on.</summary>
    /// <param name="running">Where the root stands.</param>
    /// <param name="root">Its name.</param>
    /// <param name="list">Finds the list in the root's value.</param>
    /// <param name="attach">Hangs the link on its chain; done whenever there are entries and it does not hang there.</param>
    public void Follow(RunningConfiguration running, string root, Func<ConfigValue?, ConfigValue?> list, Func<IDisposable> attach)
    {
        running.Follow([root], TakeOver);
        TakeOver();

        void TakeOver()
        {
            Replace(EntryListKind.ItemsOf(list(running.Value(root))));
            if (Current.Length == 0)
                Dispose();
            else
                _link ??= attach();
        }
    }

    /// <summary>Takes the link off its chain.</summary>
    public void Dispose()
    {
        _link?.Dispose();
        _link = null;
    }

    /// <summary>Takes over a list that was checked.</summary>
    public void Replace(IReadOnlyList<ConfigValue> entries)
    {
        lock (_gate)
        {
            var before = _all;
            EntryInstance<T>[] after = [.. entries.OfType<ConfigObject>().Select(entry => Follow(before, entry))];
            Volatile.Write(ref _all, after);
            Volatile.Write(ref _current, [.. after.Where(static one => one.IsEnabled)]);
            foreach (var one in before)
            {
                if (one.Instance is { } instance && Array.IndexOf(after, one) < 0)
                    _gone.Add(instance);
            }
        }
    }

    /// <summary>Samples how often each is asked; called every second.</summary>
    public void Tick()
    {
        if (++_seconds % RateMeter.Interval != 0)
            return;
        foreach (var one in All)
        {
            one.Metrics.Tick();
            (one.Instance as IAccessBackend)?.ResourceMetrics.Tick();
        }
    }

    /// <summary>Disposes what goes until the node stops, and then what is left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _gone.RunAsync(static (instance, _) => instance.DisposeAsync(), logger, cancellation).ConfigureAwait(false);
        foreach (var one in Current)
        {
            if (one.Instance is { } instance)
                await instance.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What stands for an entry now: the same as before where nothing has changed, with the counts of before where something has.</summary>
    private EntryInstance<T> Follow(EntryInstance<T>[] before, ConfigObject entry)
    {
        var name = nameOf(entry);
        var old = Array.Find(before, one => nameOf(one.Entry) == name);
        return old is not null && old.Entry.Equals(entry)
            ? old
            : new(name ?? "", entry, EntryListKind.IsEnabled(entry) ? Make(entry) : null, old?.Metrics ?? new());
    }

    /// <summary>Null where it cannot be made: the entry stands and says nothing, so that nobody gets in by a mistake of it.</summary>
    private T? Make(ConfigObject entry)
    {
        try
        {
            return make(entry);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            AccessLog.NotMade(logger, typeof(T).Name, error);
            return null;
        }
    }
}
