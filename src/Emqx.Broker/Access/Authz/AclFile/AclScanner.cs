using System.Globalization;
using System.Text;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>What a token is.</summary>
internal enum AclTokenKind
{
    Word,
    Text,
    Number,

    /// <summary>One of <c>{ } [ ] , &lt;&lt; &gt;&gt; /</c>.</summary>
    Mark,

    /// <summary>The dot at the end of a term.</summary>
    Dot,
    End,
}

/// <summary>A token of a file of rules, and the line on which it begins.</summary>
internal readonly record struct AclToken(AclTokenKind Kind, string Text, int Line);

/// <summary>Takes the text of a file of rules apart, in time that goes with its length.</summary>
internal sealed class AclScanner(string text)
{
    private const string Marks = "{}[],/";
    private int _at;
    private int _line = 1;

    /// <summary>The next token.</summary>
    /// <exception cref="AclSyntaxException">There is none that Erlang knows.</exception>
    public AclToken Next()
    {
        SkipBlanks();
        if (_at >= text.Length)
            return new(AclTokenKind.End, "", _line);
        var (first, line) = (text[_at], _line);
        if (first == '.')
            return ReadDot();
        if (first is '"' or '\'')
            return new(first == '"' ? AclTokenKind.Text : AclTokenKind.Word, ReadQuoted(first), line);
        if (char.IsAsciiLetterLower(first))
            return new(AclTokenKind.Word, ReadWhile(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '@'), line);
        if (char.IsAsciiDigit(first) || (first == '-' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return new(AclTokenKind.Number, ReadNumber(), line);
        if (Marks.Contains(first))
            return new(AclTokenKind.Mark, text[_at++].ToString(), line);
        if (first is '<' or '>' && _at + 1 < text.Length && text[_at + 1] == first)
        {
            _at += 2;
            return new(AclTokenKind.Mark, $"{first}{first}", line);
        }

        throw AclSyntaxException.At(line, first.ToString());
    }

    private void SkipBlanks()
    {
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '\n')
                _line++;
            else if (text[_at] == '%')
                _at = text.IndexOf('\n', _at) is >= 0 and var end ? end - 1 : text.Length - 1;
            else if (!char.IsWhiteSpace(text[_at]))
                return;
        }
    }

    /// <summary>A dot ends a term only before a blank, a comment or the end of the file.</summary>
    private AclToken ReadDot()
    {
        _at++;
        if (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] != '%')
            throw AclSyntaxException.At(_line, ".");
        return new(AclTokenKind.Dot, ".", _line);
    }

    private string ReadWhile(Func<char, bool> belongs)
    {
        var from = _at;
        while (_at < text.Length && belongs(text[_at]))
            _at++;
        return text[from.._at];
    }

    private string ReadNumber()
    {
        var from = _at++;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        return text[from.._at];
    }

    private string ReadQuoted(char quote)
    {
        var line = _line;
        var value = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            if (text[_at] == quote)
            {
                _at++;
                return value.ToString();
            }

            if (text[_at] == '\n')
                _line++;
            if (text[_at] == '\\')
                ReadEscape(value, line);
            else
                value.Append(text[_at]);
        }

        throw AclSyntaxException.At(line, "unterminated");
    }

    /// <summary>Reads what follows a backslash, up to its last character.</summary>
    private void ReadEscape(StringBuilder value, int line)
    {
        if (++_at >= text.Length)
            throw AclSyntaxException.At(line, "unterminated");
        var escaped = text[_at];
        if (escaped == 'x')
            ReadHex(value, line);
        else if (escaped is >= '0' and <= '7')
            ReadOctal(value);
        else
            value.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 's' => ' ', 'b' => '\b', 'e' => '\e', 'f' => '\f', 'v' => '\v', 'd' => '\x7F', _ => escaped });
    }

    private void ReadHex(StringBuilder value, int line)
    {
        var isLong = _at + 1 < text.Length && text[_at + 1] == '{';
        var from = _at + (isLong ? 2 : 1);
        var end = isLong ? text.IndexOf('}', from) : from + 2;
        if (end < from || end > text.Length || end - from > 6
            || !int.TryParse(text.AsSpan(from, end - from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            throw AclSyntaxException.At(line, "\\x");
        value.Append(new Rune(code));
        _at = isLong ? end : end - 1;
    }

    private void ReadOctal(StringBuilder value)
    {
        var code = 0;
        var end = Math.Min(_at + 3, text.Length);
        for (; _at < end && text[_at] is >= '0' and <= '7'; _at++)
            code = (code * 8) + text[_at] - '0';
        _at--;
        value.Append((char)code);
    }
}
