using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>
/// The filters with wildcards, level by level; levels in a row that lead to one node only are one edge, so that what a filter costs does
/// not depend on how many levels it has. Changed under the router's lock, matched without one; a match never recurses, however deep
/// the filters are.
/// </summary>
internal sealed class WildcardTree
{
    internal Node Root { get; } = new();

    /// <summary>A place in the tree: the levels so far. Children that are not there are null.</summary>
    internal sealed class Node
    {
        public Leaf? Here;
        public Leaf? Rest;
        public AnyEdge? Any;
        public SpanMap<Node>? Children;

        public bool HasLeaf => Here is not null || Rest is not null;

        public bool IsEmpty => !HasLeaf && Any is null && Children is null or { Count: 0 };
    }

    /// <summary>The way behind a + to the next node, and what other levels it has; these may be + too.</summary>
    internal sealed record AnyEdge(Node To, string? Tail);

    /// <summary>The edge that leads to a node: from where, and where in the filter its first level begins.</summary>
    private readonly record struct Edge(Node From, int Start);

    /// <summary>The leaf of a filter; null where there is none.</summary>
    public Leaf? Find(string filter)
    {
        var node = Root;
        var at = 0;
        while (TopicLevels.TryNext(filter, ref at, out var level))
        {
            if (IsRest(filter, level, at))
                return Volatile.Read(ref node.Rest);
            if (!TryGet(node, level, out var child, out var tail) || !TopicLevels.TrySkip(filter, ref at, tail))
                return null;
            node = child;
        }

        return Volatile.Read(ref node.Here);
    }

    /// <summary>Adds a leaf for a filter that has none.</summary>
    public void Add(Leaf leaf)
    {
        var filter = leaf.Topic;
        var node = Root;
        var at = 0;
        while (TopicLevels.TryNext(filter, ref at, out var level))
        {
            if (IsRest(filter, level, at))
            {
                Volatile.Write(ref node.Rest, leaf);
                return;
            }

            if (!TryGet(node, level, out var child, out var tail))
            {
                AddEnd(node, level, at, leaf);
                return;
            }

            if (!TopicLevels.TrySkip(filter, ref at, tail))
                child = Split(node, level, filter, ref at, tail!, child);
            node = child;
        }

        Volatile.Write(ref node.Here, leaf);
    }

    /// <summary>Removes the leaf of a filter, and the nodes that nothing needs any more.</summary>
    public void Remove(string filter)
    {
        var node = Root;
        Edge edge = default, above = default;
        var isRest = false;
        for (int at = 0, start = 0; TopicLevels.TryNext(filter, ref at, out var level); start = at)
        {
            isRest = IsRest(filter, level, at);
            if (isRest)
                break;
            if (!TryGet(node, level, out var child, out var tail) || !TopicLevels.TrySkip(filter, ref at, tail))
                return;
            (above, edge, node) = (edge, new Edge(node, start), child);
        }

        Volatile.Write(ref isRest ? ref node.Rest : ref node.Here, null);
        if (node.IsEmpty && edge.From is not null)
        {
            Cut(edge.From, LevelAt(filter, edge.Start));
            (node, edge) = (edge.From, above);
        }

        if (edge.From is not null)
            Shorten(filter, edge, node);
    }

    private static bool IsRest(string filter, ReadOnlySpan<char> level, int next) => level is "#" && next > filter.Length;

    private static bool TryGet(Node node, ReadOnlySpan<char> level, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Node? child, out string? tail)
    {
        if (level is "+")
        {
            var any = Volatile.Read(ref node.Any);
            (child, tail) = (any?.To, any?.Tail);
            return child is not null;
        }

        (child, tail) = (null, null);
        return Volatile.Read(ref node.Children) is { } children && children.TryGet(level, out child, out tail);
    }

    private static void Put(Node node, ReadOnlySpan<char> level, Node child, string? tail)
    {
        if (level is "+")
            Volatile.Write(ref node.Any, new AnyEdge(child, tail));
        else if (node.Children is null)
        {
            var children = new SpanMap<Node>();
            children.Add(level.ToString(), child, tail);
            Volatile.Write(ref node.Children, children);
        }
        else if (node.Children.TryGet(level, out _))
            node.Children.Replace(level, child, tail);
        else
            node.Children.Add(level.ToString(), child, tail);
    }

    private static void Cut(Node node, ReadOnlySpan<char> level)
    {
        if (level is "+")
            Volatile.Write(ref node.Any, null);
        else
            node.Children!.Remove(level);
    }

    /// <summary>All the levels that are left, as one edge to a new node.</summary>
    private static void AddEnd(Node node, ReadOnlySpan<char> level, int at, Leaf leaf)
    {
        var filter = leaf.Topic;
        var tail = at <= filter.Length ? filter[at..] : null;
        var isRest = tail is "#" || tail?.EndsWith("/#", StringComparison.Ordinal) == true;
        if (isRest)
            tail = tail!.Length > 1 ? tail[..^2] : null;
        Put(node, level, isRest ? new Node { Rest = leaf } : new Node { Here = leaf }, tail);
    }

    /// <summary>Puts a node where a filter leaves an edge; gives that node, and moves <paramref name="at"/> there.</summary>
    private static Node Split(Node from, ReadOnlySpan<char> level, string filter, ref int at, string tail, Node to)
    {
        var common = at <= filter.Length ? TopicLevels.CommonLength(tail, filter.AsSpan(at)) : -1;
        var middle = new Node();
        var behind = TopicLevels.Behind(tail[(common + 1)..], out var first);
        Put(middle, first, to, behind);
        Put(from, level, middle, common < 0 ? null : tail[..common]);
        at += common + 1;
        return middle;
    }

    /// <summary>Makes one edge of two, where the node between them is of no use any more.</summary>
    private static void Shorten(string filter, Edge edge, Node node)
    {
        if (node.HasLeaf)
            return;
        string? next = "+", behind = node.Any?.Tail;
        var to = node.Any?.To;
        if (to is null ? node.Children is null || !node.Children.TryGetOnly(out next, out to, out behind) : node.Children is { Count: > 0 })
            return;
        var level = LevelAt(filter, edge.Start);
        TryGet(edge.From, level, out _, out var tail);
        Put(edge.From, level, to, TopicLevels.Join(tail, next, behind));
    }

    private static ReadOnlySpan<char> LevelAt(string filter, int start)
    {
        var levels = filter.AsSpan(start);
        return levels.IndexOf('/') is >= 0 and var slash ? levels[..slash] : levels;
    }
}
