using System.Buffers;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>One topic's way through a <see cref="WildcardTree"/>: may rest after any number of steps. Give it back by <see cref="Return"/>.</summary>
internal struct WildcardMatch
{
    private Step[] _steps = ArrayPool<Step>.Shared.Rent(32);
    private int _count = 1;

    private readonly record struct Step(WildcardTree.Node Node, int At);

    public WildcardMatch(WildcardTree tree) => _steps[0] = new Step(tree.Root, 0);

    /// <summary>Appends leaves whose filters select the topic. False where <paramref name="budget"/> was used up before all were found.</summary>
    public bool Go(ReadOnlySpan<char> topic, ref LeafBuffer into, ref int budget)
    {
        var hidden = TopicMatcher.StartsHidden(topic);
        while (_count > 0)
        {
            if (--budget < 0)
                return false;
            var (node, at) = _steps[--_count];
            var wild = at != 0 || !hidden;
            if (wild && Volatile.Read(ref node.Rest) is { } rest)
                into.Add(rest);
            if (!TopicLevels.TryNext(topic, ref at, out var level))
            {
                if (Volatile.Read(ref node.Here) is { } here)
                    into.Add(here);
                continue;
            }

            if (wild && Volatile.Read(ref node.Any) is { } any)
                Push(any.To, any.Tail, topic, at);
            if (Volatile.Read(ref node.Children) is { } children && children.TryGet(level, out var child, out var tail))
                Push(child, tail, topic, at);
        }

        return true;
    }

    public void Return()
    {
        ArrayPool<Step>.Shared.Return(_steps, clearArray: true);
        _steps = [];
    }

    private void Push(WildcardTree.Node node, string? tail, ReadOnlySpan<char> topic, int at)
    {
        if (tail is not null && !Selects(tail, topic, ref at))
            return;
        if (_count == _steps.Length)
            Grow();
        _steps[_count++] = new Step(node, at);
    }

    /// <summary>Whether the levels of an edge, of which some may be +, select those of a topic; goes behind them.</summary>
    private static bool Selects(string tail, ReadOnlySpan<char> topic, ref int at)
    {
        if (TopicLevels.TrySkip(topic, ref at, tail))
            return true;
        if (!tail.Contains('+', StringComparison.Ordinal))
            return false;
        var inTail = 0;
        while (TopicLevels.TryNext(tail, ref inTail, out var wanted))
        {
            if (!TopicLevels.TryNext(topic, ref at, out var level) || (wanted is not "+" && !wanted.SequenceEqual(level)))
                return false;
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<Step>.Shared.Rent(_count * 2);
        _steps.CopyTo(larger, 0);
        ArrayPool<Step>.Shared.Return(_steps, clearArray: true);
        _steps = larger;
    }
}
