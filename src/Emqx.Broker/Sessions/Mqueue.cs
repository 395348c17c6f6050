using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>A message that waits for its client.</summary>
internal readonly record struct MqueueItem(Message Message, Subscription Subscription, byte Qos, bool Retain, long InsertedAt)
{
    /// <summary>What force_shutdown counts for any message.</summary>
    public const int Overhead = 400;

    private const int LargestOnHeap = 64;

    /// <summary>Bytes that force_shutdown counts for it. As in EMQX payloads of more than 64 bytes are shared by all receivers and not counted.</summary>
    public int Weight => Overhead + (Message.Payload.Length <= LargestOnHeap ? Message.Payload.Length : 0);
}

/// <summary>
/// The messages that wait for a client: first in, first out within a priority, the highest priority first. The bound
/// counts for each priority, as EMQX's does; a full one drops its oldest.
/// </summary>
internal sealed class Mqueue
{
    /// <summary>The rank of messages without a priority of their own when such go first.</summary>
    public const int HighestPriority = int.MaxValue;

    private Lane[] _lanes = []; // highest priority first; one without priorities

    private sealed class Lane(int priority)
    {
        public readonly int Priority = priority;
        public MqueueItem[] Ring = [];
        public int Head;
        public int Count;
    }

    public int Count { get; private set; }

    /// <summary>The sum of the items' weights.</summary>
    public long Weight { get; private set; }

    /// <summary>Appends; returns whether the oldest of that priority had to make room, and which it was.</summary>
    /// <param name="item">What waits.</param>
    /// <param name="priority">0 where there are no priorities.</param>
    /// <param name="maxLength">0 for no bound.</param>
    /// <param name="dropped">The one that was dropped.</param>
    public bool Enqueue(in MqueueItem item, int priority, int maxLength, out MqueueItem dropped)
    {
        var lane = LaneOf(priority);
        var full = maxLength > 0 && lane.Count >= maxLength;
        dropped = full ? Take(lane) : default;
        if (lane.Count == lane.Ring.Length)
            Grow(lane);
        lane.Ring[(lane.Head + lane.Count++) & (lane.Ring.Length - 1)] = item;
        Count++;
        Weight += item.Weight;
        return full;
    }

    /// <summary>The next one, without taking it.</summary>
    public bool TryPeek(out MqueueItem item)
    {
        foreach (var lane in _lanes)
        {
            if (lane.Count == 0)
                continue;
            item = lane.Ring[lane.Head];
            return true;
        }

        item = default;
        return false;
    }

    /// <summary>Takes what <see cref="TryPeek"/> showed.</summary>
    public void Dequeue()
    {
        foreach (var lane in _lanes)
        {
            if (lane.Count == 0)
                continue;
            Take(lane);
            if (Count == 0)
                _lanes = []; // an empty queue holds no memory
            return;
        }
    }

    /// <summary>A copy in the order in which they will be delivered.</summary>
    public (MqueueItem Item, int Priority)[] ToArray()
    {
        var all = new (MqueueItem, int)[Count];
        var at = 0;
        foreach (var lane in _lanes)
            for (var i = 0; i < lane.Count; i++)
                all[at++] = (lane.Ring[(lane.Head + i) & (lane.Ring.Length - 1)], lane.Priority);
        return all;
    }

    public void Clear()
    {
        _lanes = [];
        Count = 0;
        Weight = 0;
    }

    private Lane LaneOf(int priority)
    {
        for (var i = 0; i < _lanes.Length; i++)
            if (_lanes[i].Priority == priority)
                return _lanes[i];
        var lane = new Lane(priority);
        var at = 0;
        while (at < _lanes.Length && _lanes[at].Priority > priority)
            at++;
        _lanes = [.. _lanes[..at], lane, .. _lanes[at..]];
        return lane;
    }

    private MqueueItem Take(Lane lane)
    {
        var item = lane.Ring[lane.Head];
        lane.Ring[lane.Head] = default;
        lane.Head = (lane.Head + 1) & (lane.Ring.Length - 1);
        lane.Count--;
        Count--;
        Weight -= item.Weight;
        return item;
    }

    private static void Grow(Lane lane)
    {
        var ring = new MqueueItem[Math.Max(4, lane.Ring.Length * 2)];
        for (var i = 0; i < lane.Count; i++)
            ring[i] = lane.Ring[(lane.Head + i) & (lane.Ring.Length - 1)];
        lane.Ring = ring;
        lane.Head = 0;
    }
}
