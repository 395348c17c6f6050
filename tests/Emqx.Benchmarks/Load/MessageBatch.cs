using Emqx.TestKit.Mqtt;

namespace Emqx.Benchmarks.Load;

/// <summary>Encoded copies of one message; packet ids are written in as they go out.</summary>
internal sealed class MessageBatch
{
    private readonly byte[] _bytes;
    private readonly int _length, _idAt;
    private readonly bool _hasIds;
    private ushort _lastId;

    public MessageBatch(string topic, LoadOptions options)
    {
        var one = Packets.Publish(4, topic, new byte[options.Size], options.Qos, 1);
        _length = one.Length;
        _idAt = _length - options.Size - 2;
        _hasIds = options.Qos > 0;
        _bytes = new byte[_length * options.Batch];
        for (var i = 0; i < options.Batch; i++)
            one.CopyTo(_bytes, i * _length);
    }

    /// <summary>The next <paramref name="count"/> messages, valid until the next call.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        for (var i = 0; _hasIds && i < count; i++)
        {
            if (++_lastId == 0)
                _lastId = 1;
            _bytes[(i * _length) + _idAt] = (byte)(_lastId >> 8);
            _bytes[(i * _length) + _idAt + 1] = (byte)_lastId;
        }

        return _bytes.AsMemory(0, count * _length);
    }
}
