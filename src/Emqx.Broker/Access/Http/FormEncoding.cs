using System.Buffers;
using System.Globalization;
using System.Text;

namespace Emqx.Broker.Access.Http;

/// <summary>
/// The form <c>application/x-www-form-urlencoded</c>. EMQX writes values in paths like this, too: a blank is a plus sign there, as services that
/// were made for it expect.
/// </summary>
internal static class FormEncoding
{
    private const string Unescaped = "*-._";

    /// <summary>Writes a value so that none of it is read as anything but text.</summary>
    public static void Write(ArrayBufferWriter<byte> into, ReadOnlyMemory<byte> value)
    {
        foreach (var one in value.Span)
        {
            if (one == ' ')
                into.Write("+"u8);
            else if (char.IsAsciiLetterOrDigit((char)one) || Unescaped.Contains((char)one, StringComparison.Ordinal))
                into.Write([one]);
            else
                WriteEscaped(into, one);
        }
    }

    /// <summary>Writes a byte as three characters.</summary>
    public static void WriteEscaped(ArrayBufferWriter<byte> into, byte one)
    {
        Span<byte> escaped = stackalloc byte[3];
        escaped[0] = (byte)'%';
        one.TryFormat(escaped[1..], out _, "X2", CultureInfo.InvariantCulture);
        into.Write(escaped);
    }

    /// <summary>The names and values of a form; null where its escapes are none. A name without a value has "true", as in EMQX.</summary>
    public static List<(string Name, string Value)>? Read(string form)
    {
        var pairs = new List<(string Name, string Value)>();
        foreach (var range in form.AsSpan().Split('&'))
        {
            var pair = form.AsSpan(range);
            if (pair.IsEmpty)
                continue;
            var between = pair.IndexOf('=');
            if (Decode(between < 0 ? pair : pair[..between]) is not { } name || (between < 0 ? "true" : Decode(pair[(between + 1)..])) is not { } value)
                return null;
            pairs.Add((name, value));
        }

        return pairs;
    }

    private static string? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, Encoding.UTF8.GetByteCount(text)));
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny('%', '+');
            var length = plain < 0 ? text.Length : plain;
            Encoding.UTF8.GetBytes(text[..length], bytes);
            text = text[length..];
            if (text.IsEmpty)
                break;
            if (text[0] == '+')
            {
                bytes.Write(" "u8);
                text = text[1..];
            }
            else if (text.Length >= 3 && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
            {
                bytes.Write([one]);
                text = text[3..];
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
