using System.Buffers;
using System.Globalization;
using System.Text;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>Cuts HOCON text into tokens.</summary>
internal struct HoconScanner(string text)
{
    private const string WordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@%-|+";
    private static readonly SearchValues<char> s_word = SearchValues.Create(WordCharacters);

    private int _at;
    private int _line = 1;

    public HoconToken Next()
    {
        var start = _at;
        var line = _line;
        SkipBlanksAndComments();
        var newLine = _line > line;
        var glued = _at == start;
        if (_at >= text.Length)
            return new(HoconTokenKind.End, "", _line, newLine, glued);
        line = _line;
        var (kind, content) = ReadToken();
        return new(kind, content, line, newLine, glued);
    }

    /// <summary>Takes a character that is no token, blanks before it included; false where something else comes.</summary>
    public bool TryTake(char expected)
    {
        SkipBlanksAndComments();
        if (_at >= text.Length || text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private (HoconTokenKind Kind, string Text) ReadToken()
    {
        switch (text[_at])
        {
            case '{': _at++; return (HoconTokenKind.OpenBrace, "");
            case '}': _at++; return (HoconTokenKind.CloseBrace, "");
            case '[': _at++; return (HoconTokenKind.OpenBracket, "");
            case ']': _at++; return (HoconTokenKind.CloseBracket, "");
            case ',': _at++; return (HoconTokenKind.Comma, "");
            case '=' or ':': _at++; return (HoconTokenKind.Assign, "");
            case '"' when text.AsSpan(_at).StartsWith("\"\"\""): return (HoconTokenKind.Quoted, ReadMultiLine());
            case '"': return (HoconTokenKind.Quoted, ReadQuoted());
            case '$' when _at + 1 < text.Length && text[_at + 1] == '{': return ReadVariable();
            default: return (HoconTokenKind.Word, ReadWord());
        }
    }

    private void SkipBlanksAndComments()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '#' || (c == '/' && _at + 1 < text.Length && text[_at + 1] == '/'))
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else if (c == '\n')
            {
                _line++;
                _at++;
            }
            else if (char.IsWhiteSpace(c) || c == '\uFEFF')
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private string ReadWord()
    {
        var rest = text.AsSpan(_at);
        var length = rest.IndexOfAnyExcept(s_word);
        var word = length < 0 ? rest : rest[..length];
        if (word.IsEmpty)
            throw new HoconException(_line, "scan_error", $"illegal characters \"{rest[..(char.IsHighSurrogate(rest[0]) && rest.Length > 1 ? 2 : 1)]}\"");
        _at += word.Length;
        return word.ToString();
    }

    private (HoconTokenKind Kind, string Text) ReadVariable()
    {
        var end = text.IndexOf('}', _at);
        if (end < 0)
            throw new HoconException(_line, "scan_error", "illegal characters \"${\"");
        var optional = text[_at + 2] == '?';
        var path = text[(_at + (optional ? 3 : 2))..end];
        _at = end + 1;
        return (optional ? HoconTokenKind.OptionalVariable : HoconTokenKind.Variable, path);
    }

    private string ReadQuoted()
    {
        var built = new StringBuilder();
        for (var i = _at + 1; i < text.Length && text[i] is not ('\n' or '\r'); i++)
        {
            var c = text[i];
            if (c == '"')
            {
                _at = i + 1;
                return built.ToString();
            }

            if (c == '\\' && i + 1 < text.Length)
                i = ReadEscape(i + 1, built);
            else
                built.Append(c);
        }

        throw new HoconException(_line, "scan_error", "unterminated string");
    }

    private readonly int ReadEscape(int at, StringBuilder built)
    {
        switch (text[at])
        {
            case 'n': built.Append('\n'); return at;
            case 't': built.Append('\t'); return at;
            case 'r': built.Append('\r'); return at;
            case 'b': built.Append('\b'); return at;
            case 'f': built.Append('\f'); return at;
            case 'u' when at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                built.Append((char)code);
                return at + 4;
            case '"' or '\\' or '/': built.Append(text[at]); return at;
            default: throw new HoconException(_line, "scan_error", $"illegal escape \"\\{text[at]}\"");
        }
    }

    /// <summary>
    /// Triple quotes: nothing is escaped. <c>"""~</c> with a line break after it takes the common indentation off each line.
    /// </summary>
    private string ReadMultiLine()
    {
        var end = text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
        if (end < 0)
            throw new HoconException(_line, "scan_error", "unterminated multi-line string");
        while (end + 3 < text.Length && text[end + 3] == '"')
            end++;
        var content = text[(_at + 3)..end];
        _line += content.AsSpan().Count('\n');
        _at = end + 3;
        return content.StartsWith("~\n", StringComparison.Ordinal) || content.StartsWith("~\r\n", StringComparison.Ordinal) ? Unindent(content) : content;
    }

    private static string Unindent(string content)
    {
        var body = content[(content.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var lines = body.Split('\n');
        var last = lines.Length - 1;
        if (lines[last].TrimEnd('~').Trim().Length == 0)
            lines[last] = "";
        var indent = int.MaxValue;
        foreach (var line in lines)
        {
            if (line.Trim().Length > 0)
                indent = Math.Min(indent, line.Length - line.TrimStart().Length);
        }

        for (var i = 0; i < lines.Length; i++)
            lines[i] = lines[i].Length >= indent ? lines[i][indent..] : lines[i].Trim();
        return string.Join('\n', lines);
    }
}
