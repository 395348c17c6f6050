using System.Buffers.Binary;
using System.Text.Unicode;

namespace Emqx.Broker.Protocol;

/// <summary>The properties that travel with a message (<see cref="Message.Properties"/>), where they come from a file and not from a packet that was checked.</summary>
internal static class ForwardedProperties
{
    private const int IndicatorSize = 2;

    /// <summary>Whether a receiver could read them: known ones alone, none cut off, each but user properties once at most.</summary>
    public static bool AreSound(ReadOnlySpan<byte> encoded)
    {
        var seen = 0L;
        while (!encoded.IsEmpty)
        {
            var id = encoded[0];
            if (id >= 64 || (id != PropertyId.UserProperty && (seen & (1L << id)) != 0))
                return false;
            seen |= 1L << id;
            if (!TryPass(ref encoded, id))
                return false;
        }

        return true;
    }

    private static bool TryPass(ref ReadOnlySpan<byte> encoded, byte id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
                if (encoded.Length < IndicatorSize || encoded[1] > 1)
                    return false;
                encoded = encoded[IndicatorSize..];
                return true;
            case PropertyId.ContentType or PropertyId.ResponseTopic:
                encoded = encoded[1..];
                return TryPass(ref encoded, isText: true);
            case PropertyId.CorrelationData:
                encoded = encoded[1..];
                return TryPass(ref encoded, isText: false);
            case PropertyId.UserProperty:
                encoded = encoded[1..];
                return TryPass(ref encoded, isText: true) && TryPass(ref encoded, isText: true);
            default:
                return false;
        }
    }

    private static bool TryPass(ref ReadOnlySpan<byte> encoded, bool isText)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(encoded, out var length) || encoded.Length - sizeof(ushort) < length)
            return false;
        var value = encoded.Slice(sizeof(ushort), length);
        encoded = encoded[(sizeof(ushort) + length)..];
        return !isText || (!value.Contains((byte)0) && Utf8.IsValid(value));
    }
}
