using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>A session's subscriptions by filter text: an array while they are few, as nearly all sessions' are.</summary>
internal sealed class SubscriptionSet
{
    private const int IndexFrom = 16;

    private Subscription[] _items = [];
    private Dictionary<string, int>? _index;
    private int _count;

    public int Count => _count;

    public Subscription? Find(string filter)
    {
        var at = IndexOf(filter);
        return at < 0 ? null : _items[at];
    }

    /// <summary>Adds, or replaces the one with the same filter, which is returned.</summary>
    public Subscription? Put(Subscription subscription)
    {
        var at = IndexOf(subscription.Filter.Text);
        if (at >= 0)
        {
            var old = _items[at];
            _items[at] = subscription;
            return old;
        }

        if (_count == _items.Length)
            Array.Resize(ref _items, Math.Max(1, _count * 2));
        _items[_count] = subscription;
        _index?.Add(subscription.Filter.Text, _count);
        if (++_count == IndexFrom)
            BuildIndex();
        return null;
    }

    public Subscription? Remove(string filter)
    {
        var at = IndexOf(filter);
        if (at < 0)
            return null;
        var removed = _items[at];
        var last = _items[--_count];
        _items[at] = last;
        _items[_count] = null!;
        if (_index is not null)
        {
            _index.Remove(filter);
            if (at != _count)
                _index[last.Filter.Text] = at;
        }

        return removed;
    }

    public Subscription[] ToArray() => _items.AsSpan(0, _count).ToArray();

    public void Clear()
    {
        _items = [];
        _index = null;
        _count = 0;
    }

    private int IndexOf(string filter)
    {
        if (_index is not null)
            return _index.TryGetValue(filter, out var at) ? at : -1;
        for (var i = 0; i < _count; i++)
            if (_items[i].Filter.Text == filter)
                return i;
        return -1;
    }

    private void BuildIndex()
    {
        _index = new Dictionary<string, int>(_count * 2, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
            _index[_items[i].Filter.Text] = i;
    }
}
