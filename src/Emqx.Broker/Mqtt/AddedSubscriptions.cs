using Emqx.Broker.Routing;

namespace Emqx.Broker.Mqtt;

/// <summary>What one SUBSCRIBE has added: a filter that it names several times is there once, as it was named last.</summary>
internal sealed class AddedSubscriptions(int capacity)
{
    private readonly (Subscription? Subscription, bool IsNew)[] _items = new (Subscription?, bool)[capacity];
    private Dictionary<string, int>? _index; // from the first one on that was there already

    public int Count => _items.Length;

    /// <summary>The one of a place in the packet, and whether the session did not have it before; null where it was refused or is named again.</summary>
    public (Subscription? Subscription, bool IsNew) this[int at] => _items[at];

    public void Put(int at, Subscription subscription, bool isNew)
    {
        var filter = subscription.Filter.Text;
        if (!isNew && at > 0)
        {
            _index ??= IndexUpTo(at);
            if (_index.TryGetValue(filter, out var earlier))
            {
                isNew = _items[earlier].IsNew;
                _items[earlier] = default;
            }
        }

        _items[at] = (subscription, isNew);
        if (_index is not null)
            _index[filter] = at;
    }

    private Dictionary<string, int> IndexUpTo(int end)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < end; i++)
        {
            if (_items[i].Subscription is { } subscription)
                index[subscription.Filter.Text] = i;
        }

        return index;
    }
}
