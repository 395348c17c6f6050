using System.Buffers;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>
/// Reads the HOCON that EMQX's files are written in: comments, nested and dotted names, <c>=</c>, <c>:</c> or nothing before <c>{</c>,
/// arrays, quoted and triple-quoted text, <c>include</c>, <c>${name}</c> of the same text or of the environment. Linear in its text;
/// what it makes is bounded by <see cref="HoconBudget"/>.
/// </summary>
internal sealed partial class HoconParser
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("#/\n\t, ");

    private readonly Func<string, string?> _variables;
    private readonly Func<string, string?, HoconInclude?>? _includes;
    private readonly HoconObject _root = new();
    private readonly HoconBudget _budget = new();
    private HoconScanner _scanner;
    private HoconToken _token;

    /// <summary>Levels of the tree above what is read.</summary>
    private int _depth;

    private HoconParser(string text, Func<string, string?> variables, Func<string, string?, HoconInclude?>? includes)
    {
        _scanner = new HoconScanner(text);
        _variables = variables;
        _includes = includes;
    }

    /// <summary>Reads a whole document. Throws <see cref="HoconException"/>.</summary>
    public static ConfigObject Parse(string text) => Parse(text, _ => null, null);

    /// <summary>Reads a whole document.</summary>
    /// <param name="variables">The value of an environment variable, or null.</param>
    /// <param name="includes">The file of a name, as a file says it (null: the document itself); null where there is none. Without this nothing may be included.</param>
    public static ConfigObject Parse(string text, Func<string, string?> variables, Func<string, string?, HoconInclude?>? includes)
    {
        var parser = new HoconParser(text, variables, includes);
        parser.Advance();
        parser.ParseDocument(parser._root);
        return parser._root.Made();
    }

    /// <summary>Reads one value, as an environment variable holds it: text that is no HOCON is taken as it is.</summary>
    public static ConfigValue ParseValue(string text)
    {
        if (text.Length == 0)
            return "";
        var structured = text[0] is '{' or '[' or '"';
        if (!structured && text.AsSpan().ContainsAny(s_plain))
            return text;
        try
        {
            var parser = new HoconParser(text, _ => null, null);
            parser.Advance();
            var value = parser.ParseJoined();
            return parser._token.Kind == HoconTokenKind.End && value is not null ? value : text;
        }
        catch (HoconException)
        {
            return text;
        }
    }

    private void ParseDocument(HoconObject into)
    {
        var braced = _token.Kind == HoconTokenKind.OpenBrace;
        if (braced)
            Advance();
        ParseFields(into, braced ? HoconTokenKind.CloseBrace : HoconTokenKind.End);
        if (braced)
            Advance();
        if (_token.Kind != HoconTokenKind.End)
            throw Unexpected();
    }

    private void ParseFields(HoconObject into, HoconTokenKind end)
    {
        while (_token.Kind != end)
        {
            if (_token.Kind == HoconTokenKind.Comma)
                Advance();
            else
                ParseField(into);
        }
    }

    private void ParseField(HoconObject into)
    {
        if (_token.Kind is not (HoconTokenKind.Word or HoconTokenKind.Quoted))
            throw Unexpected();
        var key = _token;
        var path = new List<string>();
        do
        {
            if (_token.Kind == HoconTokenKind.Quoted)
                path.Add(_token.Text);
            else
                path.AddRange(_token.Text.Split('.', StringSplitOptions.RemoveEmptyEntries));
            Advance();
            HoconBudget.CheckDepth(_depth + path.Count, key.Line);
        }
        while (_token.Glued && _token.Kind is HoconTokenKind.Word or HoconTokenKind.Quoted);

        if (key is { Kind: HoconTokenKind.Word, Text: "include" } && _token.Kind is HoconTokenKind.Quoted or HoconTokenKind.Word)
            Include(into, key.Line);
        else
            ParseFieldValue(into, path, key);
    }

    private void ParseFieldValue(HoconObject into, List<string> path, HoconToken key)
    {
        if (path.Count == 0)
            throw new HoconException(key.Line, "parse_error", $"syntax error before: {key.Shown}");
        if (_token.Kind == HoconTokenKind.Assign)
            Advance();
        else if (_token.Kind != HoconTokenKind.OpenBrace)
            throw new HoconException(key.Line, "parse_error", $"syntax error before: {(_token.Kind == HoconTokenKind.End ? "" : key.Shown)}");
        _depth += path.Count;
        if (_token.Kind == HoconTokenKind.OpenBrace)
        {
            ParseObject(InnermostOf(into, path).Enter(path[^1]));
        }
        else if (ParseJoined() is { } value)
        {
            InnermostOf(into, path).Set(path[^1], value);
        }

        _depth -= path.Count;
    }

    private static HoconObject InnermostOf(HoconObject into, List<string> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
            into = into.Enter(path[i]);
        return into;
    }

    /// <summary>An object, read into its place, and those that follow it on its line.</summary>
    private void ParseObject(HoconObject into)
    {
        Advance();
        ParseFields(into, HoconTokenKind.CloseBrace);
        Advance();
        Join(new HoconJoin(into));
    }

    /// <summary>One value, or several on one line that are joined. Null for an optional variable without a value.</summary>
    private ConfigValue? ParseJoined()
    {
        var value = ParseOne();
        if (!StartsValue() || _token.AfterNewLine)
            return value;
        var joined = new HoconJoin(value);
        Join(joined);
        return joined.Made();
    }

    private void Join(HoconJoin joined)
    {
        while (StartsValue() && !_token.AfterNewLine)
        {
            if (joined.IsClosed)
                throw Unexpected();
            var token = _token;
            var next = ParseOne();
            if (HoconJoin.IsWhole(next))
                throw new HoconException(token.Line, "parse_error", $"syntax error before: {token.Shown}");
            if (!joined.Add(next, token.Glued))
                throw Unexpected();
        }
    }

    private bool StartsValue() => _token.Kind is HoconTokenKind.Word or HoconTokenKind.Quoted or HoconTokenKind.Variable
        or HoconTokenKind.OptionalVariable or HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket;

    private ConfigValue? ParseOne()
    {
        var token = _token;
        switch (token.Kind)
        {
            case HoconTokenKind.Quoted:
                Advance();
                return token.Text;
            case HoconTokenKind.Word:
                Advance();
                return OfWord(token.Text);
            case HoconTokenKind.Variable or HoconTokenKind.OptionalVariable:
                Advance();
                return Resolve(token);
            case HoconTokenKind.OpenBrace:
                Advance();
                return ParseLooseObject();
            case HoconTokenKind.OpenBracket:
                Advance();
                return ParseItems();
            default:
                throw Unexpected();
        }
    }

    private ConfigObject ParseLooseObject()
    {
        HoconBudget.CheckDepth(_depth + 1, _token.Line);
        var fields = new HoconObject();
        ParseFields(fields, HoconTokenKind.CloseBrace);
        Advance();
        return fields.Made();
    }

    private ConfigArray ParseItems()
    {
        HoconBudget.CheckDepth(++_depth, _token.Line);
        var items = new List<ConfigValue>();
        while (_token.Kind != HoconTokenKind.CloseBracket)
        {
            if (_token.Kind == HoconTokenKind.Comma)
                Advance();
            else if (ParseJoined() is { } item)
                items.Add(item);
        }

        _depth--;
        Advance();
        return new(items);
    }

    private static ConfigValue OfWord(string word) => word switch
    {
        "true" => true,
        "false" => false,
        "null" => ConfigNull.Instance,
        _ when char.IsAsciiDigit(word[^1]) && new ConfigNumber(word) is var number && number.TryGetNumber(out _) => number,
        _ => word,
    };

    private ConfigValue? Resolve(HoconToken token)
    {
        if (Find(token.Text.Split('.')) is { } value)
        {
            _budget.Spend(value, _depth, token.Line);
            return value;
        }

        if (_variables(token.Text) is { } text)
        {
            _budget.Spend(text, _depth, token.Line);
            return text;
        }

        return token.Kind == HoconTokenKind.OptionalVariable ? null
            : throw new HoconException(token.Line, "resolve_error", $"no value for ${{{token.Text}}}");
    }

    private void Advance() => _token = _scanner.Next();

    private HoconException Unexpected() => new(_token.Line, "parse_error", $"syntax error before: {_token.Shown}");
}
