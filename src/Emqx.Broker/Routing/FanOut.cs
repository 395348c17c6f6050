namespace Emqx.Broker.Routing;

/// <summary>How far a message has got that goes to very many: those who were there when their filter's turn came, each once.</summary>
internal sealed class FanOut(Route route)
{
    private ReadOnlyMemory<Subscription?> _subscribers;
    private ReadOnlyMemory<SharedGroup?> _groups;
    private int _leaf;

    /// <summary>How many have got it.</summary>
    public int Reached { get; set; }

    public bool IsOver => _subscribers.IsEmpty && _groups.IsEmpty && _leaf == route.Leaves.Length;

    /// <summary>The next receivers, at most as many as <paramref name="budget"/> says, which they are taken from. False: that were all.</summary>
    public bool Take(ref int budget, out ReadOnlySpan<Subscription?> subscribers, out ReadOnlySpan<SharedGroup?> groups)
    {
        subscribers = default;
        groups = default;
        if (IsOver)
            return false;
        if (_subscribers.IsEmpty && _groups.IsEmpty)
            (_subscribers, _groups) = route.Leaves[_leaf++].Snapshot();
        budget--;
        subscribers = TakeFrom(ref _subscribers, ref budget);
        groups = TakeFrom(ref _groups, ref budget);
        return true;
    }

    private static ReadOnlySpan<T> TakeFrom<T>(ref ReadOnlyMemory<T> all, ref int budget)
    {
        var taken = all[..Math.Min(all.Length, Math.Max(0, budget))];
        all = all[taken.Length..];
        budget -= taken.Length;
        return taken.Span;
    }
}
