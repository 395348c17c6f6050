using System.Buffers;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>
/// The filters with wildcards, level by level. Changed under the router's lock, matched without one; a match costs what matches
/// and never recurses, however deep the filters are.
/// </summary>
internal sealed class WildcardTree
{
    private readonly Node _root = new();

    /// <summary>A place in the tree: the levels so far. Children that are not there are null.</summary>
    private sealed class Node
    {
        public Leaf? Here;
        public Leaf? Rest;
        public Node? Any;
        public SpanMap<Node>? Children;

        public bool IsEmpty => Here is null && Rest is null && Any is null && Children is null or { Count: 0 };
    }

    private readonly record struct Step(Node Node, int At);

    /// <summary>The leaf of a filter; null where there is none.</summary>
    public Leaf? Find(string filter)
    {
        var node = _root;
        var at = 0;
        while (TopicLevels.TryNext(filter, ref at, out var level))
        {
            if (IsRest(filter, level, at))
                return node.Rest;
            if (Child(node, level) is not { } child)
                return null;
            node = child;
        }

        return node.Here;
    }

    /// <summary>Adds a leaf for a filter that has none.</summary>
    public void Add(Leaf leaf)
    {
        var filter = leaf.Topic;
        var node = _root;
        var at = 0;
        while (TopicLevels.TryNext(filter, ref at, out var level))
        {
            if (IsRest(filter, level, at))
            {
                Volatile.Write(ref node.Rest, leaf);
                return;
            }

            node = Child(node, level) ?? AddChild(node, level);
        }

        Volatile.Write(ref node.Here, leaf);
    }

    /// <summary>Removes the leaf of a filter, and the nodes that nothing needs any more.</summary>
    public void Remove(string filter)
    {
        // The last node on the way that something else needs, and the level to cut off there.
        Node keep = _root, node = _root;
        int cut = 0, at = 0, start = 0;
        while (TopicLevels.TryNext(filter, ref at, out var level))
        {
            if (IsRest(filter, level, at))
            {
                Volatile.Write(ref node.Rest, null);
                Prune(filter, keep, cut, node);
                return;
            }

            if (Child(node, level) is not { } child)
                return;
            if (node == _root || IsNeeded(node))
                (keep, cut) = (node, start);
            (node, start) = (child, at);
        }

        Volatile.Write(ref node.Here, null);
        Prune(filter, keep, cut, node);
    }

    /// <summary>Appends the leaves whose filters select a topic.</summary>
    public void Match(ReadOnlySpan<char> topic, ref LeafBuffer into)
    {
        var steps = ArrayPool<Step>.Shared.Rent(32);
        var count = 1;
        steps[0] = new Step(_root, 0);
        var hidden = TopicMatcher.StartsHidden(topic);
        while (count > 0)
        {
            var (node, at) = steps[--count];
            var wild = at != 0 || !hidden;
            if (wild && Volatile.Read(ref node.Rest) is { } rest)
                into.Add(rest);
            if (!TopicLevels.TryNext(topic, ref at, out var level))
            {
                if (Volatile.Read(ref node.Here) is { } here)
                    into.Add(here);
                continue;
            }

            if (count + 2 > steps.Length)
                Grow(ref steps);
            if (wild && Volatile.Read(ref node.Any) is { } any)
                steps[count++] = new Step(any, at);
            if (Volatile.Read(ref node.Children) is { } children && children.TryGet(level, out var child))
                steps[count++] = new Step(child, at);
        }

        ArrayPool<Step>.Shared.Return(steps, clearArray: true);
    }

    private static bool IsRest(string filter, ReadOnlySpan<char> level, int next) => level is "#" && next > filter.Length;

    private static bool IsNeeded(Node node)
    {
        var uses = (node.Children?.Count ?? 0) + (node.Any is null ? 0 : 1);
        return uses > 1 || node.Here is not null || node.Rest is not null;
    }

    private static Node? Child(Node node, ReadOnlySpan<char> level)
    {
        if (level is "+")
            return node.Any;
        return node.Children is not null && node.Children.TryGet(level, out var child) ? child : null;
    }

    private static Node AddChild(Node node, ReadOnlySpan<char> level)
    {
        var child = new Node();
        if (level is "+")
        {
            Volatile.Write(ref node.Any, child);
            return child;
        }

        if (node.Children is null)
            Volatile.Write(ref node.Children, new SpanMap<Node>());
        node.Children!.Add(level.ToString(), child);
        return child;
    }

    private static void Prune(string filter, Node keep, int cut, Node end)
    {
        if (end == keep || !end.IsEmpty)
            return;
        TopicLevels.TryNext(filter, ref cut, out var level);
        if (level is "+")
            Volatile.Write(ref keep.Any, null);
        else
            keep.Children!.Remove(level);
    }

    private static void Grow(ref Step[] steps)
    {
        var larger = ArrayPool<Step>.Shared.Rent(steps.Length * 2);
        steps.CopyTo(larger, 0);
        ArrayPool<Step>.Shared.Return(steps, clearArray: true);
        steps = larger;
    }
}
