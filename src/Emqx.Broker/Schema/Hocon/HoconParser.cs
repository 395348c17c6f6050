using System.Buffers;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>
/// Reads the HOCON that EMQX's files are written in: comments, nested and dotted names, <c>=</c>, <c>:</c> or nothing before <c>{</c>,
/// arrays, quoted and triple-quoted text, <c>include</c>, <c>${name}</c> of the same text or of the environment.
/// </summary>
internal sealed class HoconParser
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("#/\n\t, ");

    private readonly Func<string, string?> _variables;
    private readonly Func<string, string?> _includes;
    private HoconScanner _scanner;
    private HoconToken _token;
    private ConfigObject _root = ConfigObject.Empty;
    private int _depth;

    private HoconParser(string text, Func<string, string?> variables, Func<string, string?> includes)
    {
        _scanner = new HoconScanner(text);
        _variables = variables;
        _includes = includes;
    }

    /// <summary>Reads a whole document. Throws <see cref="HoconException"/>.</summary>
    public static ConfigObject Parse(string text) => Parse(text, _ => null, _ => null);

    /// <summary>Reads a whole document.</summary>
    /// <param name="variables">The value of an environment variable, or null.</param>
    /// <param name="includes">The text of an included file, or null.</param>
    public static ConfigObject Parse(string text, Func<string, string?> variables, Func<string, string?> includes)
    {
        var parser = new HoconParser(text, variables, includes);
        parser.Advance();
        return parser.ParseDocument();
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
            var parser = new HoconParser(text, _ => null, _ => null);
            parser.Advance();
            var value = parser.ParseJoined();
            return parser._token.Kind == HoconTokenKind.End && value is not null ? value : text;
        }
        catch (HoconException)
        {
            return text;
        }
    }

    private ConfigObject ParseDocument()
    {
        var braced = _token.Kind == HoconTokenKind.OpenBrace;
        if (braced)
            Advance();
        _root = ParseFields(ConfigObject.Empty, braced ? HoconTokenKind.CloseBrace : HoconTokenKind.End, isRoot: true);
        if (braced)
            Advance();
        return _token.Kind == HoconTokenKind.End ? _root : throw Unexpected();
    }

    private ConfigObject ParseFields(ConfigObject into, HoconTokenKind end, bool isRoot)
    {
        if (++_depth > 64)
            throw new HoconException(_token.Line, "parse_error", "nested too deeply");
        while (_token.Kind != end)
        {
            if (_token.Kind == HoconTokenKind.Comma)
                Advance();
            else
                into = ParseField(into);
            if (isRoot)
                _root = into;
        }

        _depth--;
        return into;
    }

    private ConfigObject ParseField(ConfigObject into)
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
        }
        while (_token.Glued && _token.Kind is HoconTokenKind.Word or HoconTokenKind.Quoted);

        if (key is { Kind: HoconTokenKind.Word, Text: "include" } && _token.Kind is HoconTokenKind.Quoted)
            return Include(into);
        return ParseFieldValue(into, path, key);
    }

    private ConfigObject ParseFieldValue(ConfigObject into, List<string> path, HoconToken key)
    {
        if (path.Count == 0)
            throw new HoconException(key.Line, "parse_error", $"syntax error before: {key.Shown}");
        if (_token.Kind == HoconTokenKind.Assign)
            Advance();
        else if (_token.Kind != HoconTokenKind.OpenBrace)
            throw new HoconException(key.Line, "parse_error", $"syntax error before: {(_token.Kind == HoconTokenKind.End ? "" : key.Shown)}");
        var value = ParseJoined();
        if (value is null)
            return into;
        for (var i = path.Count - 1; i > 0; i--)
            value = new ConfigObject(new() { [path[i]] = value });
        return into.MergedWith(new ConfigObject(new() { [path[0]] = value }));
    }

    private ConfigObject Include(ConfigObject into)
    {
        var token = _token;
        var text = _includes(token.Text) ?? throw new HoconException(token.Line, "parse_error", $"cannot include \"{token.Text}\"");
        var included = Parse(text, _variables, _includes);
        Advance();
        return into.MergedWith(included);
    }

    /// <summary>One value, or several on one line that are joined: texts end to end, objects merged. Null for an optional variable without a value.</summary>
    private ConfigValue? ParseJoined()
    {
        var value = ParseOne();
        while (StartsValue() && !_token.AfterNewLine)
        {
            if (value is ConfigNumber or ConfigBoolean or ConfigNull)
                throw Unexpected();
            var token = _token;
            var next = ParseOne();
            if (next is ConfigNumber or ConfigBoolean or ConfigNull)
                throw new HoconException(token.Line, "parse_error", $"syntax error before: {token.Shown}");
            value = (value, next) switch
            {
                (null, _) => next,
                (_, null) => value,
                (ConfigObject lower, ConfigObject upper) => lower.MergedWith(upper),
                (ConfigArray head, ConfigArray tail) => new ConfigArray([.. head.Items, .. tail.Items]),
                _ => AsText(value) + (token.Glued ? "" : " ") + AsText(next),
            };
        }

        return value;
    }

    private bool StartsValue() => _token.Kind is HoconTokenKind.Word or HoconTokenKind.Quoted or HoconTokenKind.Variable
        or HoconTokenKind.OptionalVariable or HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket;

    private string AsText(ConfigValue value) => value switch
    {
        ConfigText text => text.Text,
        _ => throw Unexpected(),
    };

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
                var fields = ParseFields(ConfigObject.Empty, HoconTokenKind.CloseBrace, isRoot: false);
                Advance();
                return fields;
            case HoconTokenKind.OpenBracket:
                Advance();
                return ParseItems();
            default:
                throw Unexpected();
        }
    }

    private ConfigArray ParseItems()
    {
        if (++_depth > 64)
            throw new HoconException(_token.Line, "parse_error", "nested too deeply");
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
        if (_root.Find(token.Text.Split('.')) is { } value)
            return value;
        if (_variables(token.Text) is { } text)
            return text;
        return token.Kind == HoconTokenKind.OptionalVariable ? null
            : throw new HoconException(token.Line, "resolve_error", $"no value for ${{{token.Text}}}");
    }

    private void Advance() => _token = _scanner.Next();

    private HoconException Unexpected() => new(_token.Line, "parse_error", $"syntax error before: {_token.Shown}");
}
