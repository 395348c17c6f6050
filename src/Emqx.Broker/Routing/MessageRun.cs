using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>
/// Messages that one publisher has sent in a row and that go to the same receivers: each receiver takes them together, and those that are sent
/// the same bytes share them. Each thread has one, empty but while a read is handled.
/// </summary>
internal sealed class MessageRun
{
    /// <summary>Messages of one run at most.</summary>
    public const int Most = 64;

    /// <summary>Larger payloads go alone: there is more to copy than to share.</summary>
    public const int LargestPayload = 2048;

    private const int MostBytes = 16 * 1024;

    [ThreadStatic]
    private static MessageRun? s_mine;

    private readonly Message[] _messages = new Message[Most];
    private readonly EncodedRun?[] _forms = new EncodedRun?[EncodedRun.FormCount];
    private int _count;
    private int _bytes;
    private bool _isHandedOut;

    /// <summary>The calling thread's.</summary>
    public static MessageRun Mine => s_mine ??= new MessageRun();

    /// <summary>Where they all go; null while there are none.</summary>
    public Route? Route { get; private set; }

    /// <summary>Somebody will hand out what gathers.</summary>
    public bool IsOpen { private get; set; }

    /// <summary>Whether messages may gather.</summary>
    public bool TakesMessages => IsOpen && !_isHandedOut;

    /// <summary>Whether there are some to be handed out, and nobody is at it.</summary>
    public bool IsWaiting => _count != 0 && !_isHandedOut;

    /// <summary>Whether another message would make it too long.</summary>
    public bool IsFull => _count == Most || _bytes >= MostBytes;

    /// <summary>In the order of their publishing.</summary>
    public ReadOnlySpan<Message> Messages => _messages.AsSpan(0, _count);

    /// <summary>The highest QoS of a message.</summary>
    public byte MostQos { get; private set; }

    /// <summary>Adds a message, which takes the same route as those before.</summary>
    public void Add(Message message, Route route)
    {
        Route = route;
        _messages[_count++] = message;
        _bytes += message.Payload.Length + message.TopicUtf8.Length + message.Properties.Length;
        MostQos = Math.Max(MostQos, message.Qos);
    }

    /// <summary>The run in the bytes of one form, kept here until <see cref="Clear"/>; whoever finds it empty fills it.</summary>
    public EncodedRun InForm(int form) => _forms[form] ??= new EncodedRun();

    /// <summary>From here on until <see cref="Clear"/> they are handed out. Who gets one may publish: that does not wait, nor hand them out again.</summary>
    public void BeginHandingOut() => _isHandedOut = true;

    /// <summary>All have got them.</summary>
    public void Clear()
    {
        _isHandedOut = false;
        Array.Clear(_messages, 0, _count);
        (_count, _bytes, MostQos, Route) = (0, 0, 0, null);
        foreach (var form in _forms)
            form?.Clear();
    }
}

/// <summary>A run as packets for receivers of one form: same version of MQTT, same options. Packet identifiers are left to be filled in.</summary>
internal sealed class EncodedRun
{
    public const int FormCount = 32;

    private byte[]? _bytes;
    private int _length;

    /// <summary>Where each message's packet identifier belongs; 0 for those that have none.</summary>
    public readonly int[] IdAt = new int[MessageRun.Most];

    /// <summary>How many messages there are of each QoS.</summary>
    public readonly int[] OfQos = new int[3];

    /// <summary>Bytes of the largest packet.</summary>
    public int Largest { get; private set; }

    public bool IsMade => _bytes is not null;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Room for one more packet of that many bytes; it counts as written.</summary>
    public Span<byte> Append(int size, out int at)
    {
        var room = ByteBuffers.Reserve(ref _bytes, _length, size);
        at = _length;
        _length += size;
        Largest = Math.Max(Largest, size);
        return room[..size];
    }

    public void Clear()
    {
        if (_bytes is null)
            return;
        ByteBuffers.Return(_bytes);
        _bytes = null;
        _length = Largest = 0;
        Array.Clear(OfQos);
    }
}
