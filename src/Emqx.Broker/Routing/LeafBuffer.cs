using System.Buffers;

namespace Emqx.Broker.Routing;

/// <summary>Collects the leaves of one match in a rented array.</summary>
internal struct LeafBuffer
{
    private Leaf[]? _leaves;
    private int _count;

    public void Add(Leaf leaf)
    {
        _leaves ??= ArrayPool<Leaf>.Shared.Rent(16);
        if (_count == _leaves.Length)
            Grow();
        _leaves![_count++] = leaf;
    }

    /// <summary>Gives an array of exactly these leaves, and the rented one back.</summary>
    public Leaf[] Take()
    {
        if (_leaves is null)
            return [];
        var result = _leaves.AsSpan(0, _count).ToArray();
        Array.Clear(_leaves, 0, _count);
        ArrayPool<Leaf>.Shared.Return(_leaves);
        _leaves = null;
        return result;
    }

    private void Grow()
    {
        var larger = ArrayPool<Leaf>.Shared.Rent(_count * 2);
        Array.Copy(_leaves!, larger, _count);
        Array.Clear(_leaves!, 0, _count);
        ArrayPool<Leaf>.Shared.Return(_leaves!);
        _leaves = larger;
    }
}
