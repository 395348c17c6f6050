namespace Emqx.Mgmt.Api.Routing;

/// <summary>Strict percent-decoding (RFC 3986 section 2.1).</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes ASCII text to bytes. False where a % is not followed by two hexadecimal digits.</summary>
    /// <param name="bytes">At least as long as <paramref name="text"/>.</param>
    /// <param name="plusIsSpace">As in query strings.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, bool plusIsSpace, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return false;
                bytes[length++] = (byte)((Digit(text[i + 1]) << 4) | Digit(text[i + 2]));
                i += 2;
            }
            else if (c > 0xFF)
            {
                return false;
            }
            else
            {
                bytes[length++] = plusIsSpace && c == '+' ? (byte)' ' : (byte)c;
            }
        }

        return true;
    }

    private static int Digit(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
