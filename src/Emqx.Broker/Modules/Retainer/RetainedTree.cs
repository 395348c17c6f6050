using System.Buffers;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// Retained messages by the levels of their topics, so that a filter with wildcards visits only what it may select. Changed
/// under the store's lock, read without one.
/// </summary>
internal sealed class RetainedTree
{
    private readonly Node _root = new();

    private sealed class Node
    {
        public RetainedMessage? Here;
        public SpanMap<Node>? Children;
    }

    /// <summary>A node to visit and where the filter goes on from it; -1 for everything below.</summary>
    private readonly record struct Step(Node Node, int At);

    /// <summary>The message of a topic name.</summary>
    public RetainedMessage? Find(ReadOnlySpan<char> topic)
    {
        var node = _root;
        var at = 0;
        while (TopicLevels.TryNext(topic, ref at, out var level))
        {
            if (Volatile.Read(ref node.Children) is not { } children || !children.TryGet(level, out var child))
                return null;
            node = child;
        }

        return Volatile.Read(ref node.Here);
    }

    /// <summary>Keeps a message, in the place of the one its topic had.</summary>
    public void Put(RetainedMessage message)
    {
        var node = _root;
        var at = 0;
        while (TopicLevels.TryNext(message.Topic, ref at, out var level))
        {
            if (node.Children is null)
                Volatile.Write(ref node.Children, new SpanMap<Node>());
            if (!node.Children!.TryGet(level, out var child))
                node.Children.Add(level.ToString(), child = new Node());
            node = child;
        }

        Volatile.Write(ref node.Here, message);
    }

    /// <summary>Removes the message of a topic name, and the nodes that nothing needs any more.</summary>
    public void Remove(string topic)
    {
        // The last node on the way that something else needs, and the level to cut off there.
        Node keep = _root, node = _root;
        int cut = 0, at = 0, start = 0;
        while (TopicLevels.TryNext(topic, ref at, out var level))
        {
            if (node.Children is null || !node.Children.TryGet(level, out var child))
                return;
            if (node == _root || node.Here is not null || node.Children.Count > 1)
                (keep, cut) = (node, start);
            (node, start) = (child, at);
        }

        Volatile.Write(ref node.Here, null);
        if (node.Children is { Count: > 0 })
            return;
        TopicLevels.TryNext(topic, ref cut, out var unused);
        keep.Children!.Remove(unused);
    }

    /// <summary>Appends the messages whose topics a filter with wildcards selects.</summary>
    public void Match(string filter, List<RetainedMessage> into)
    {
        var steps = new Steps(new Step(_root, 0));
        while (steps.TryPop(out var step))
        {
            if (step.At < 0)
            {
                Emit(step.Node, into);
                PushChildren(step.Node, -1, ref steps);
                continue;
            }

            var at = step.At;
            if (!TopicLevels.TryNext(filter, ref at, out var level))
                Emit(step.Node, into);
            else if (level is "#" && at > filter.Length)
                MatchRest(step, into, ref steps);
            else if (level is "+")
                PushChildren(step.Node, at, ref steps);
            else if (Volatile.Read(ref step.Node.Children) is { } children && children.TryGet(level, out var child))
                steps.Push(new Step(child, at));
        }

        steps.Return();
    }

    private void MatchRest(Step step, List<RetainedMessage> into, ref Steps steps)
    {
        if (step.Node != _root)
            Emit(step.Node, into);
        PushChildren(step.Node, -1, ref steps);
    }

    private static void Emit(Node node, List<RetainedMessage> into)
    {
        if (Volatile.Read(ref node.Here) is { } message)
            into.Add(message);
    }

    // A leading wildcard does not select topics that begin with $.
    private void PushChildren(Node node, int at, ref Steps steps)
    {
        if (Volatile.Read(ref node.Children) is not { } children)
            return;
        var each = children.GetEnumerator();
        while (each.MoveNext())
            if (node != _root || !TopicMatcher.StartsHidden(each.CurrentKey))
                steps.Push(new Step(each.Current, at));
    }

    /// <summary>A stack in a rented array: however deep topics are, nothing recurses.</summary>
    private struct Steps
    {
        private Step[] _steps = ArrayPool<Step>.Shared.Rent(32);
        private int _count;

        public Steps(Step first) => Push(first);

        public void Push(Step step)
        {
            if (_count == _steps.Length)
                Grow();
            _steps[_count++] = step;
        }

        public bool TryPop(out Step step)
        {
            step = _count > 0 ? _steps[--_count] : default;
            return step.Node is not null;
        }

        public readonly void Return() => ArrayPool<Step>.Shared.Return(_steps, clearArray: true);

        private void Grow()
        {
            var larger = ArrayPool<Step>.Shared.Rent(_count * 2);
            _steps.CopyTo(larger, 0);
            ArrayPool<Step>.Shared.Return(_steps, clearArray: true);
            _steps = larger;
        }
    }
}
