namespace Emqx.Benchmarks.Load;

/// <summary>Finds the packets in what a broker sends, counts deliveries and acknowledgements, and prepares the answers to QoS 1.</summary>
internal sealed class PacketScanner(int size)
{
    private readonly byte[] _buffer = new byte[size];
    private int _filled;

    /// <summary>Where the next bytes are to go.</summary>
    public Memory<byte> Free => _buffer.AsMemory(_filled);

    public int Deliveries { get; private set; }
    public int Acknowledgements { get; private set; }

    /// <summary>PUBACKs that are due.</summary>
    public ReadOnlyMemory<byte> Answers => _answers.AsMemory(0, _answered);

    private readonly byte[] _answers = new byte[size * 2];
    private int _answered;

    /// <summary>Takes <paramref name="received"/> more bytes in; counts start at zero again.</summary>
    public void Take(int received)
    {
        _filled += received;
        Deliveries = Acknowledgements = _answered = 0;
        var at = 0;
        while (Next(at, out var body, out var end))
        {
            Handle(at, body);
            at = end;
        }

        Buffer.BlockCopy(_buffer, at, _buffer, 0, _filled - at);
        _filled -= at;
    }

    private bool Next(int at, out int body, out int end)
    {
        var length = 0;
        body = at + 1;
        for (var shift = 0; body < _filled; shift += 7)
        {
            var digit = _buffer[body++];
            length |= (digit & 127) << shift;
            if (digit < 128)
            {
                end = body + length;
                return end <= _filled;
            }
        }

        end = 0;
        return false;
    }

    private void Handle(int at, int body)
    {
        switch (_buffer[at] >> 4)
        {
            case 3:
                Deliveries++;
                if ((_buffer[at] & 6) != 2)
                    return;
                var id = body + 2 + (_buffer[body] << 8 | _buffer[body + 1]);
                _answers[_answered++] = 0x40;
                _answers[_answered++] = 2;
                _answers[_answered++] = _buffer[id];
                _answers[_answered++] = _buffer[id + 1];
                return;
            case 4:
                Acknowledgements++;
                return;
            default:
                return;
        }
    }
}
