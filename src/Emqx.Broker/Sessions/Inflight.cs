using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>A delivery that the client has not yet acknowledged. Empty while <see cref="PacketId"/> is 0.</summary>
internal struct InflightEntry
{
    public Message Message;
    public Subscription Subscription;

    /// <summary>Nanoseconds since 1970, unique and rising within the session.</summary>
    public long InsertedAt;

    /// <summary>Steady milliseconds of the last sending; only kept while a retry interval is set.</summary>
    public long SentAt;
    public ushort PacketId;
    public byte Qos;
    public bool Retain;

    /// <summary>PUBREC has come and PUBREL went out (MQTT 5, 4.3.3).</summary>
    public bool Released;
}

/// <summary>
/// The in-flight window: a ring indexed by packet identifier, so that an acknowledgement finds its delivery in one step
/// and nothing is allocated a message. It grows to the window's size only when used.
/// </summary>
internal sealed class Inflight
{
    private const int FirstCapacity = 4;

    private InflightEntry[] _ring = [];
    private ushort _lastId;

    public int Count { get; private set; }

    /// <summary>Takes a place under a packet identifier that no other delivery uses.</summary>
    public ushort Add(Message message, Subscription subscription, byte qos, bool retain, long insertedAt)
    {
        if (Count == _ring.Length)
            Grow();
        var mask = _ring.Length - 1;
        do
        {
            if (++_lastId == 0)
                _lastId = 1;
        }
        while (_ring[_lastId & mask].PacketId != 0);

        ref var entry = ref _ring[_lastId & mask];
        entry = new InflightEntry { Message = message, Subscription = subscription, Qos = qos, Retain = retain, InsertedAt = insertedAt, PacketId = _lastId };
        Count++;
        return _lastId;
    }

    /// <summary>The delivery under this identifier; a null reference where there is none.</summary>
    public ref InflightEntry Find(ushort packetId)
    {
        if (_ring.Length != 0)
        {
            ref var entry = ref _ring[packetId & (_ring.Length - 1)];
            if (entry.PacketId == packetId && packetId != 0)
                return ref entry;
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<InflightEntry>();
    }

    /// <summary>Frees the place of an entry got from <see cref="Find"/>.</summary>
    public void Remove(ref InflightEntry entry)
    {
        entry = default;
        Count--;
    }

    /// <summary>A copy of all deliveries, oldest first.</summary>
    public InflightEntry[] ToArray()
    {
        var all = new InflightEntry[Count];
        var at = 0;
        foreach (ref readonly var entry in _ring.AsSpan())
            if (entry.PacketId != 0)
                all[at++] = entry;
        Array.Sort(all, static (a, b) => a.InsertedAt.CompareTo(b.InsertedAt));
        return all;
    }

    private void Grow()
    {
        var old = _ring;
        _ring = new InflightEntry[Math.Max(FirstCapacity, old.Length * 2)];
        foreach (ref readonly var entry in old.AsSpan())
            _ring[entry.PacketId & (_ring.Length - 1)] = entry;
    }
}
