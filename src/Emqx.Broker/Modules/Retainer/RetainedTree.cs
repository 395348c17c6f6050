using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// Retained messages by the levels of their topics, so that a filter with wildcards visits only what it may select. Levels in a row
/// that lead to one node only are one edge: what a topic costs does not depend on how many levels it has. Changed under the
/// store's lock, read without one.
/// </summary>
internal sealed class RetainedTree
{
    /// <summary>Where no topic has led yet.</summary>
    internal Node Root { get; } = new();

    /// <summary>A place in the tree: the levels so far.</summary>
    internal sealed class Node
    {
        public RetainedMessage? Here;
        public SpanMap<Node>? Children;
    }

    /// <summary>The edge that leads to a node: from where, and where in the topic its first level begins.</summary>
    private readonly record struct Edge(Node From, int Start);

    /// <summary>The message of a topic name.</summary>
    public RetainedMessage? Find(ReadOnlySpan<char> topic)
    {
        var node = Root;
        var at = 0;
        while (TopicLevels.TryNext(topic, ref at, out var level))
        {
            if (Volatile.Read(ref node.Children) is not { } children || !children.TryGet(level, out var child, out var tail)
                || !TopicLevels.TrySkip(topic, ref at, tail))
                return null;
            node = child;
        }

        return Volatile.Read(ref node.Here);
    }

    /// <summary>Keeps a message, in the place of the one its topic had.</summary>
    public void Put(RetainedMessage message) => Put(message.Topic, message);

    /// <summary>Keeps a message whose topic is at hand.</summary>
    public void Put(string topic, RetainedMessage message)
    {
        var node = Root;
        var at = 0;
        while (TopicLevels.TryNext(topic, ref at, out var level))
        {
            if (node.Children is null || !node.Children.TryGet(level, out var child, out var tail))
            {
                Add(node, level, at <= topic.Length ? topic[at..] : null, message);
                return;
            }

            if (!TopicLevels.TrySkip(topic, ref at, tail))
                child = Split(node, level, topic, ref at, tail!, child);
            node = child;
        }

        Volatile.Write(ref node.Here, message);
    }

    /// <summary>Removes the message of a topic name, and the nodes that nothing needs any more.</summary>
    public void Remove(string topic)
    {
        var node = Root;
        Edge edge = default, above = default;
        for (int at = 0, start = 0; TopicLevels.TryNext(topic, ref at, out var level); start = at)
        {
            if (node.Children is null || !node.Children.TryGet(level, out var child, out var tail) || !TopicLevels.TrySkip(topic, ref at, tail))
                return;
            (above, edge, node) = (edge, new Edge(node, start), child);
        }

        Volatile.Write(ref node.Here, null);
        if (node.Children is null or { Count: 0 })
        {
            edge.From.Children!.Remove(LevelAt(topic, edge.Start));
            (node, edge) = (edge.From, above);
        }

        if (edge.From is not null)
            Shorten(topic, edge, node);
    }

    /// <summary>Appends the messages whose topics a filter with wildcards selects.</summary>
    public void Match(string filter, List<RetainedMessage> into)
    {
        var walk = new RetainedWalk(this, filter);
        var budget = int.MaxValue;
        while (walk.Next(ref budget) is { } message)
            into.Add(message);
    }

    private static void Add(Node node, ReadOnlySpan<char> level, string? tail, RetainedMessage message)
    {
        if (node.Children is null)
            Volatile.Write(ref node.Children, new SpanMap<Node>());
        node.Children!.Add(level.ToString(), new Node { Here = message }, tail);
    }

    /// <summary>Puts a node where a topic leaves an edge; gives that node, and moves <paramref name="at"/> there.</summary>
    private static Node Split(Node from, ReadOnlySpan<char> level, string topic, ref int at, string tail, Node to)
    {
        var common = at <= topic.Length ? TopicLevels.CommonLength(tail, topic.AsSpan(at)) : -1;
        var middle = new Node { Children = new SpanMap<Node>() };
        var behind = TopicLevels.Behind(tail[(common + 1)..], out var first);
        middle.Children.Add(first, to, behind);
        from.Children!.Replace(level, middle, common < 0 ? null : tail[..common]);
        at += common + 1;
        return middle;
    }

    /// <summary>Makes one edge of two, where the node between them is of no use any more.</summary>
    private static void Shorten(string topic, Edge edge, Node node)
    {
        if (node.Here is not null || node.Children is null || !node.Children.TryGetOnly(out var next, out var to, out var behind))
            return;
        var level = LevelAt(topic, edge.Start);
        edge.From.Children!.TryGet(level, out _, out var tail);
        edge.From.Children.Replace(level, to, TopicLevels.Join(tail, next, behind));
    }

    private static ReadOnlySpan<char> LevelAt(string topic, int start)
    {
        var levels = topic.AsSpan(start);
        return levels.IndexOf('/') is >= 0 and var slash ? levels[..slash] : levels;
    }
}
