using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The trace that a message brings along: its user properties <c>traceparent</c> and <c>tracestate</c> (W3C Trace Context).</summary>
internal static class TraceParent
{
    private const int LongestParent = 256, LongestState = 512;

    /// <summary>Reads it from a message's encoded properties. False: there is none, or it is none of the standard's.</summary>
    public static bool TryFind(ReadOnlySpan<byte> properties, out ActivityContext context)
    {
        context = default;
        if (properties.IsEmpty)
            return false;
        ReadOnlySpan<byte> parent = default, state = default;
        for (var rest = properties; !rest.IsEmpty;)
        {
            var id = rest[0];
            rest = rest[1..];
            if (id == PropertyId.PayloadFormatIndicator)
            {
                rest = rest[Math.Min(1, rest.Length)..];
                continue;
            }

            var name = Take(ref rest);
            if (id != PropertyId.UserProperty)
                continue;
            var value = Take(ref rest);
            if (Ascii.EqualsIgnoreCase(name, "traceparent"u8))
                parent = value;
            else if (Ascii.EqualsIgnoreCase(name, "tracestate"u8))
                state = value;
        }

        return parent.Length is > 0 and <= LongestParent && ActivityContext.TryParse(Encoding.UTF8.GetString(parent),
            state.Length is > 0 and <= LongestState ? Encoding.UTF8.GetString(state) : null, isRemote: true, out context);
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length > rest.Length - 2)
        {
            rest = default;
            return default;
        }

        var value = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        return value;
    }
}
