using System.Text;

namespace Emqx.Broker.Access.Redis;

/// <summary>
/// A command as it is typed at redis-cli: words between spaces; in double quotes with <c>\n</c> and <c>\x0a</c>, in single ones as they are. A character of a word is a byte.
/// </summary>
/// <param name="text">The bytes of the line, one a character.</param>
internal sealed class CommandLine(string text)
{
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private int _at;

    /// <summary>The words; null where a quote is wrong, of which <paramref name="problem"/> tells.</summary>
    public static IReadOnlyList<string>? Split(string line, out string? problem)
    {
        var reader = new CommandLine(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(line)));
        problem = reader.Read();
        return problem is null ? reader._words : null;
    }

    private string? Read()
    {
        while (true)
        {
            while (_at < text.Length && IsSpace(text[_at]))
                _at++;
            if (_at == text.Length)
                return null;
            if (ReadWord() is { } problem)
                return problem;
            _words.Add(_word.ToString());
            _word.Clear();
        }
    }

    /// <summary>A quote ends its word, wherever in it it begins.</summary>
    private string? ReadWord()
    {
        while (_at < text.Length && !IsSpace(text[_at]))
        {
            var next = text[_at++];
            if (next is '"' or '\'')
                return ReadQuoted(next, next == '"' ? "quote" : "single_quote");
            _word.Append(next);
        }

        return null;
    }

    private string? ReadQuoted(char quote, string name)
    {
        while (_at < text.Length)
        {
            var next = text[_at++];
            if (next == quote)
                return _at < text.Length && !IsSpace(text[_at]) ? $"trailing_after_{name}" : null;
            if (next == '\\' && _at < text.Length && (quote == '"' || text[_at] == quote))
                _word.Append(quote == '"' ? ReadEscaped() : text[_at++]);
            else
                _word.Append(next);
        }

        return $"unterminated_{name}";
    }

    private char ReadEscaped()
    {
        var next = text[_at++];
        if (next == 'x' && _at + 1 < text.Length && char.IsAsciiHexDigit(text[_at]) && char.IsAsciiHexDigit(text[_at + 1]))
        {
            _at += 2;
            return (char)Convert.FromHexString(text.AsSpan(_at - 2, 2))[0];
        }

        return next switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'a' => '\v',
            _ => next,
        };
    }

    /// <summary>EMQX's spaces.</summary>
    private static bool IsSpace(char c) => c is ' ' or '\n' or '\r' or '\t' or '\b' or '\v';
}
