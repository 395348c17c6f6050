using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>The items of a list as they are shown, secrets masked, to find what a list that is sent back says of them.</summary>
internal sealed class ShownItems(ConfigArray items, ValueKind kind)
{
    private readonly ConfigValue[] _shown = [.. items.Items.Select(kind.Shown)];
    private Dictionary<ConfigValue, int>? _places;

    /// <summary>
    /// The item that a masked secret is taken from: the one that is shown like this, wherever it stood; for one that was changed that of the
    /// same place, as long as none came or went. Never another's. Null also for what has no fields, in which no secret can be.
    /// </summary>
    /// <param name="one">The item that was sent.</param>
    /// <param name="at">Its place.</param>
    /// <param name="count">How many were sent.</param>
    public ConfigValue? Find(ConfigValue one, int at, int count)
    {
        if (one is not (ConfigObject or ConfigArray))
            return null;
        if (at < _shown.Length && _shown[at].Equals(one))
            return items.Items[at];
        if ((_places ??= Places()).TryGetValue(one, out var same))
            return items.Items[same];
        return count == _shown.Length ? items.Items[at] : null;
    }

    private Dictionary<ConfigValue, int> Places()
    {
        var places = new Dictionary<ConfigValue, int>(_shown.Length);
        for (var i = 0; i < _shown.Length; i++)
            places.TryAdd(_shown[i], i);
        return places;
    }
}
