using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Place = Emqx.Broker.Modules.Retainer.RetainedTree.Node;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// A walk through the messages that a filter with wildcards selects. It may rest at any place for as long as one likes and costs a few
/// bytes a level meanwhile; what comes and goes behind it is as if it had come and gone after the walk.
/// </summary>
internal sealed class RetainedWalk
{
    private const int All = -1; // the filter ended in #: whatever is below
    private const int None = -2;

    private readonly Place _root;
    private readonly string _filter;
    private Frame[] _frames = new Frame[2];
    private int _count;
    private RetainedMessage? _first;

    /// <summary>The children of a node that are gone through, and where the filter goes on from each.</summary>
    private struct Frame
    {
        public SpanMap<Place>.Enumerator Each;
        public int At;
        public bool IsRoot;
    }

    public RetainedWalk(RetainedTree tree, string filter)
    {
        (_root, _filter) = (tree.Root, filter);
        _first = Enter(_root, 0);
    }

    /// <summary>Nothing more will come.</summary>
    public bool IsOver => _count == 0 && _first is null;

    /// <summary>Whether it goes through that tree.</summary>
    public bool IsIn(RetainedTree tree) => _root == tree.Root;

    /// <summary>Nothing more comes of it.</summary>
    public void End() => (_frames, _count, _first) = ([], 0, null);

    /// <summary>The next message; null at the end, or when as many places have been visited as <paramref name="budget"/> allows.</summary>
    public RetainedMessage? Next(ref int budget)
    {
        if (_first is { } first)
        {
            _first = null;
            return first;
        }

        while (_count > 0 && budget > 0)
        {
            ref var top = ref _frames[_count - 1];
            if (!top.Each.MoveNext())
            {
                top = default;
                _count--;
                continue;
            }

            budget--;
            if (top.IsRoot && TopicMatcher.StartsHidden(top.Each.CurrentKey))
                continue; // a leading wildcard does not select topics that begin with $
            if (Skip(top.At, top.Each.CurrentTail) is not None and var at && Enter(top.Each.Current, at) is { } message)
                return message;
        }

        return null;
    }

    /// <summary>Comes to a node: its message, where the filter selects it; its children, where it may select some of them.</summary>
    private RetainedMessage? Enter(Place node, int at)
    {
        while (true)
        {
            if (at == All)
                return EnterAll(node);
            if (!TopicLevels.TryNext(_filter, ref at, out var level))
                return Volatile.Read(ref node.Here);
            if (level is "#" && at > _filter.Length)
                return EnterAll(node);
            if (level is "+")
            {
                Push(node, at);
                return null;
            }

            if (Volatile.Read(ref node.Children) is not { } children || !children.TryGet(level, out var child, out var tail))
                return null;
            at = Skip(at, tail);
            if (at == None)
                return null;
            node = child;
        }
    }

    private RetainedMessage? EnterAll(Place node)
    {
        Push(node, All);
        return node == _root ? null : Volatile.Read(ref node.Here);
    }

    /// <summary>Where the filter goes on behind the rest of an edge.</summary>
    private int Skip(int at, string? tail)
    {
        if (tail is null || at == All)
            return at;
        var inTail = 0;
        while (TopicLevels.TryNext(tail, ref inTail, out var level))
        {
            if (!TopicLevels.TryNext(_filter, ref at, out var wanted))
                return None;
            if (wanted is "#" && at > _filter.Length)
                return All;
            if (wanted is not "+" && !wanted.SequenceEqual(level))
                return None;
        }

        return at;
    }

    private void Push(Place node, int at)
    {
        if (Volatile.Read(ref node.Children) is not { } children)
            return;
        if (_count == _frames.Length)
            Array.Resize(ref _frames, _count * 2);
        _frames[_count++] = new Frame { Each = children.GetEnumerator(), At = at, IsRoot = node == _root };
    }
}
