using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Payloads as EMQX writes them: up to 1024 bytes whole, of longer ones the first 100.</summary>
internal static class TracePayload
{
    private const int LongestWhole = 1024;
    private const int Kept = 100;

    /// <summary>The payload in the form that a trace has chosen; a text that is none is written in hexadecimal digits.</summary>
    public static string Write(ReadOnlySpan<byte> payload, ref PayloadEncode encode)
    {
        if (encode == PayloadEncode.Hidden)
            return "******";
        var length = payload.Length <= LongestWhole ? payload.Length : Kept;
        if (encode == PayloadEncode.Text)
        {
            var whole = WholeCharacters(payload, length);
            if (Utf8.IsValid(payload[..whole]))
                length = whole;
            else
                encode = PayloadEncode.Hex;
        }

        var text = encode == PayloadEncode.Text ? Encoding.UTF8.GetString(payload[..length]) : Convert.ToHexString(payload[..length]);
        return length == payload.Length ? text : string.Create(CultureInfo.InvariantCulture, $"{text}...({payload.Length - length} bytes)");
    }

    /// <summary>A character that the cut would take apart is kept whole.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> payload, int length)
    {
        for (var more = 0; more < 3 && length < payload.Length && (payload[length] & 0xC0) == 0x80; more++)
            length++;
        return length;
    }
}
