using System.Globalization;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>Reads the terms of a file of rules: words, texts, numbers, tuples and lists, each term ended by a dot.</summary>
internal sealed class AclParser
{
    /// <summary>Tuples and lists in each other.</summary>
    private const int DeepestNesting = 32;

    private readonly AclScanner _scanner;
    private AclToken _token;

    private AclParser(string text)
    {
        _scanner = new(text);
        _token = _scanner.Next();
    }

    /// <summary>All terms of a text.</summary>
    /// <exception cref="AclSyntaxException">The text is no list of terms.</exception>
    public static List<AclTerm> Parse(string text)
    {
        var parser = new AclParser(text);
        var terms = new List<AclTerm>();
        while (parser._token.Kind != AclTokenKind.End)
        {
            terms.Add(parser.ReadTerm(depth: 0));
            if (parser._token.Kind != AclTokenKind.Dot)
                throw parser.Wrong();
            parser.Advance();
        }

        return terms;
    }

    private AclTerm ReadTerm(int depth)
    {
        var token = _token;
        switch (token.Kind)
        {
            case AclTokenKind.Word:
                Advance();
                return new AclTerm.Word(token.Text);
            case AclTokenKind.Text:
                return ReadTexts();
            case AclTokenKind.Number when long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                Advance();
                return new AclTerm.Number(number);
            case AclTokenKind.Mark when token.Text == "<<":
                return ReadBinary();
            case AclTokenKind.Mark when token.Text is "{" or "[" && depth < DeepestNesting:
                return token.Text == "{" ? new AclTerm.Tuple(ReadItems("}", depth + 1)) : new AclTerm.List(ReadItems("]", depth + 1));
            default:
                throw Wrong();
        }
    }

    /// <summary>Texts one behind the other are one.</summary>
    private AclTerm.Text ReadTexts()
    {
        var text = "";
        for (; _token.Kind == AclTokenKind.Text; Advance())
            text = text.Length == 0 ? _token.Text : string.Concat(text, _token.Text);
        return new(text);
    }

    /// <summary><c>&lt;&lt;"text"&gt;&gt;</c> or <c>&lt;&lt;"text"/utf8&gt;&gt;</c>.</summary>
    private AclTerm.Text ReadBinary()
    {
        Advance();
        var text = _token.Kind == AclTokenKind.Text ? ReadTexts() : new AclTerm.Text("");
        if (IsMark("/"))
        {
            Advance();
            if (_token is not { Kind: AclTokenKind.Word, Text: "utf8" })
                throw Wrong();
            Advance();
        }

        Take(">>");
        return text;
    }

    private List<AclTerm> ReadItems(string close, int depth)
    {
        var items = new List<AclTerm>();
        Advance();
        while (!IsMark(close))
        {
            items.Add(ReadTerm(depth));
            if (IsMark(close))
                break;
            Take(",");
            if (IsMark(close))
                throw Wrong();
        }

        Advance();
        return items;
    }

    private bool IsMark(string mark) => _token.Kind == AclTokenKind.Mark && _token.Text == mark;

    private void Take(string mark)
    {
        if (!IsMark(mark))
            throw Wrong();
        Advance();
    }

    private void Advance() => _token = _scanner.Next();

    private AclSyntaxException Wrong() => AclSyntaxException.At(_token.Line, _token.Text);
}
