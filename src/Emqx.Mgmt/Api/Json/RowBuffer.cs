using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Emqx.Mgmt.Api.Json;

/// <summary>
/// Bytes of JSON under way. The lists that are asked for all day write their rows with it straight from the broker's
/// objects; the caller places commas and brackets.
/// </summary>
internal sealed class RowBuffer(int capacity, RowTime time) : PooledBuffer(capacity)
{
    /// <summary>Characters that stand for themselves between quotes.</summary>
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The moments of this answer.</summary>
    public RowTime Times => time;

    /// <summary>Bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        Advance(json.Length);
    }

    public void Byte(byte one)
    {
        Room(1)[0] = one;
        Advance(1);
    }

    public void Number(long value)
    {
        var room = Room(20);
        if ((ulong)value < 10)
        {
            room[0] = (byte)('0' + value);
            Advance(1);
            return;
        }

        Utf8Formatter.TryFormat(value, room, out var written);
        Advance(written);
    }

    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Null() => Raw("null"u8);

    public void Address(IPAddress address)
    {
        var room = Room(70);
        room[0] = (byte)'"';
        address.TryFormat(room[1..], out var written);
        room[written + 1] = (byte)'"';
        Advance(written + 2);
    }

    /// <summary>A text with its quotes; null where there is none.</summary>
    public void TextOrNull(string? text)
    {
        if (text is null)
            Null();
        else
            Text(text);
    }

    /// <summary>A text with its quotes.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        var room = Room(text.Length + 2);
        if (text.IndexOfAnyExcept(s_plain) >= 0)
        {
            EscapedText(text);
            return;
        }

        room[0] = (byte)'"';
        Ascii.FromUtf16(text, room[1..], out var written);
        room[written + 1] = (byte)'"';
        Advance(written + 2);
    }

    private void EscapedText(ReadOnlySpan<char> text)
    {
        var room = Room(text.Length * 6 + 2); // \u00XX is the longest that one char becomes
        var at = 0;
        room[at++] = (byte)'"';
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf16(text, out var rune, out var consumed); // half a pair becomes U+FFFD
            text = text[consumed..];
            at += rune.Value < 0x20 || rune.Value is '"' or '\\' ? Escape(rune.Value, room[at..]) : rune.EncodeToUtf8(room[at..]);
        }

        room[at++] = (byte)'"';
        Advance(at);
    }

    private static int Escape(int value, Span<byte> into)
    {
        into[0] = (byte)'\\';
        var letter = value switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => 'u' };
        into[1] = (byte)letter;
        if (letter != 'u')
            return 2;
        Utf8Formatter.TryFormat((uint)value, into[2..], out _, new StandardFormat('x', 4));
        return 6;
    }
}
