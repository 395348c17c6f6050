using System.Buffers.Binary;
using System.Text;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// A retained message as bytes: version, flags, id, times, then topic, sender, user name, address and properties behind their lengths; what is left
/// is the payload.
/// </summary>
internal static class PackedMessage
{
    private const byte Version = 1;
    private const int IdAt = 2, PublishedAt = 18, KeptUntilAt = 26, ExpiresAt = 34, TextsAt = 42;

    private const byte QosBits = 3, ExpiryIsDefault = 4, IsSystem = 8, HasUsername = 16, HasPeerHost = 32;

    /// <summary>Packs a message.</summary>
    /// <param name="message">What is kept.</param>
    /// <param name="keptUntil">When the store forgets it, Unix milliseconds; 0 for never.</param>
    public static byte[] Pack(Message message, long keptUntil)
    {
        var (username, peerHost) = (message.FromUsername ?? "", message.FromPeerHost ?? "");
        var packed = new byte[TextsAt + Sized(message.TopicUtf8.Length) + Sized(message.From) + Sized(username) + Sized(peerHost)
            + Sized(message.Properties.Length) + message.Payload.Length];
        WriteHead(packed, message, keptUntil);
        var at = Write(packed, TextsAt, message.TopicUtf8);
        at = Write(packed, at, message.From);
        at = Write(packed, at, username);
        at = Write(packed, at, peerHost);
        at = Write(packed, at, message.Properties);
        message.Payload.Span.CopyTo(packed.AsSpan(at));
        return packed;
    }

    /// <summary>The message; its payload stays where it is.</summary>
    public static Message Unpack(byte[] packed)
    {
        var (flags, at) = (packed[1], TextsAt);
        var topic = Read(packed, ref at).ToArray();
        var (from, username, peerHost) = (ReadText(packed, ref at), ReadText(packed, ref at), ReadText(packed, ref at));
        var properties = Read(packed, ref at);
        return new Message
        {
            Topic = Encoding.UTF8.GetString(topic),
            TopicUtf8 = topic,
            From = from,
            FromUsername = (flags & HasUsername) != 0 ? username : null,
            FromPeerHost = (flags & HasPeerHost) != 0 ? peerHost : null,
            Properties = properties.IsEmpty ? [] : properties.ToArray(),
            Payload = packed.AsMemory(at),
            Qos = (byte)(flags & QosBits),
            Retain = true,
            ExpiryIsDefault = (flags & ExpiryIsDefault) != 0,
            IsSystem = (flags & IsSystem) != 0,
            PublishedAt = PublishedAtOf(packed),
            ExpiresAt = Long(packed, ExpiresAt),
            Id = new MessageId((ulong)Long(packed, IdAt), (ulong)Long(packed, IdAt + 8)),
        };
    }

    public static ReadOnlySpan<byte> TopicOf(byte[] packed)
    {
        var at = TextsAt;
        return Read(packed, ref at);
    }

    public static long PublishedAtOf(byte[] packed) => Long(packed, PublishedAt);

    public static long ExpiresAtOf(byte[] packed) => Long(packed, KeptUntilAt);

    /// <summary>Whether bytes from elsewhere can be read: all their lengths stay within them.</summary>
    public static bool IsWhole(byte[] packed)
    {
        if (packed.Length < TextsAt || packed[0] != Version)
            return false;
        var at = TextsAt;
        for (var part = 0; part < 5; part++)
        {
            if (!TryReadLength(packed, ref at, out var length) || length > packed.Length - at)
                return false;
            at += length;
        }

        return true;
    }

    private static void WriteHead(byte[] packed, Message message, long keptUntil)
    {
        packed[0] = Version;
        packed[1] = (byte)(message.Qos | (message.ExpiryIsDefault ? ExpiryIsDefault : 0) | (message.IsSystem ? IsSystem : 0)
            | (message.FromUsername is null ? 0 : HasUsername) | (message.FromPeerHost is null ? 0 : HasPeerHost));
        var id = message.Id;
        Set(packed, IdAt, (long)id.High);
        Set(packed, IdAt + 8, (long)id.Low);
        Set(packed, PublishedAt, message.PublishedAt);
        Set(packed, KeptUntilAt, keptUntil);
        Set(packed, ExpiresAt, message.ExpiresAt);
    }

    private static int Sized(string text) => Sized(Encoding.UTF8.GetByteCount(text));

    private static int Sized(int length) => VariableInt.SizeOf((uint)length) + length;

    private static int Write(byte[] packed, int at, ReadOnlySpan<byte> bytes)
    {
        at += VariableInt.Write(packed.AsSpan(at), (uint)bytes.Length);
        bytes.CopyTo(packed.AsSpan(at));
        return at + bytes.Length;
    }

    private static int Write(byte[] packed, int at, string text)
    {
        at += VariableInt.Write(packed.AsSpan(at), (uint)Encoding.UTF8.GetByteCount(text));
        return at + Encoding.UTF8.GetBytes(text, packed.AsSpan(at));
    }

    private static string ReadText(byte[] packed, scoped ref int at) => Encoding.UTF8.GetString(Read(packed, ref at));

    private static ReadOnlySpan<byte> Read(byte[] packed, scoped ref int at)
    {
        TryReadLength(packed, ref at, out var length);
        var bytes = packed.AsSpan(at, length);
        at += length;
        return bytes;
    }

    private static bool TryReadLength(byte[] packed, scoped ref int at, out int length)
    {
        length = 0;
        for (var shift = 0; shift < 28 && at < packed.Length; shift += 7)
        {
            var part = packed[at++];
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
                return true;
        }

        return false;
    }

    private static long Long(byte[] packed, int at) => BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(at));

    private static void Set(byte[] packed, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(at), value);
}
