using System.Buffers;
using System.Globalization;

namespace Emqx.Rules.Expressions;

/// <summary>Reads the text of an expression: a call, a name or a boolean, whose arguments may be arrays, numbers and quoted texts too.</summary>
internal struct ExpressionParser(string text)
{
    private const int MaximumDepth = 50;
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private int _at;
    private int _depth;
    private string _error = "";

    /// <summary>The expression, or null and what is wrong.</summary>
    public ExpressionNode? Parse(out string error)
    {
        var node = ParseExpression();
        SkipBlanks();
        if (node is not null && _at < text.Length)
            node = Fail();
        error = _error;
        return node;
    }

    private ExpressionNode? ParseExpression()
    {
        SkipBlanks();
        if (_at >= text.Length || !char.IsAsciiLetter(text[_at]))
            return Fail();
        var rest = text.AsSpan(_at);
        var length = rest.IndexOfAnyExcept(s_name);
        var name = (length < 0 ? rest : rest[..length]).ToString();
        _at += name.Length;
        if (name is "true" or "false")
            return new ConstantNode(name == "true");
        if (!Take('('))
            return new VariableNode(name);
        if (Take(')'))
            return new CallNode(name, []);
        return ParseArguments(')') is { } arguments ? new CallNode(name, arguments) : null;
    }

    private ExpressionNode[]? ParseArguments(char end)
    {
        if (++_depth > MaximumDepth)
        {
            _error = "nested too deeply";
            return null;
        }

        var arguments = new List<ExpressionNode>();
        do
        {
            if (ParseArgument() is not { } argument)
                return null;
            arguments.Add(argument);
        }
        while (Take(','));
        _depth--;
        if (Take(end))
            return [.. arguments];
        Fail();
        return null;
    }

    private ExpressionNode? ParseArgument()
    {
        SkipBlanks();
        if (_at >= text.Length)
            return Fail();
        switch (text[_at])
        {
            case '[':
                _at++;
                return ParseArguments(']') is { } items ? new ArrayNode(items) : null;
            case '\'' or '"':
                return ParseText(text[_at]);
            case '+' or '-' or >= '0' and <= '9':
                return ParseNumber();
            default:
                return ParseExpression();
        }
    }

    private ConstantNode? ParseText(char quote)
    {
        var end = text.IndexOf(quote, _at + 1);
        if (end < 0)
        {
            Fail();
            return null;
        }

        var content = text[(_at + 1)..end];
        _at = end + 1;
        return new ConstantNode(content);
    }

    private ExpressionNode? ParseNumber()
    {
        var end = _at + 1;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        var number = text.AsSpan(_at, end - _at);
        _at = end;
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return new ConstantNode(integer);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? new ConstantNode(real) : Fail();
    }

    private bool Take(char expected)
    {
        SkipBlanks();
        if (_at >= text.Length || text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private ExpressionNode? Fail()
    {
        if (_error.Length == 0)
            _error = $"syntax error before: {(_at < text.Length ? text[_at..Math.Min(text.Length, _at + 20)] : "")}";
        return null;
    }
}
