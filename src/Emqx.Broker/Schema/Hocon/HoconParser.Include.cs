using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>
/// <c>include "file"</c>, <c>include file("…")</c>, <c>include required(…)</c>: the fields of a file, in the place where it is named. Only files:
/// nothing is fetched from anywhere.
/// </summary>
internal sealed partial class HoconParser
{
    private const int MaximumIncludes = 100;
    private const int MaximumNesting = 16;

    /// <summary>The files that are being read, the innermost last, and where their fields go.</summary>
    private readonly List<(string Path, HoconObject Root)> _open = [];
    private int _included;

    /// <summary>The token is what follows the word include.</summary>
    private void Include(HoconObject into, int line)
    {
        var (name, required) = ReadTarget(line);
        if (++_included > MaximumIncludes || _open.Count >= MaximumNesting)
            throw new HoconException(line, "parse_error", $"cannot include \"{name}\": too many includes");
        if (_includes is null)
            throw new HoconException(line, "parse_error", $"cannot include \"{name}\" here");
        if (_includes(name, _open.Count == 0 ? null : _open[^1].Path) is not { } file)
        {
            if (required)
                throw new HoconException(line, "parse_error", $"cannot include \"{name}\": no such file");
            return;
        }

        if (_open.Exists(open => open.Path == file.Path))
            throw new HoconException(line, "parse_error", $"cannot include \"{name}\": it includes itself");
        Read(file, into);
    }

    private (string Name, bool Required) ReadTarget(int line)
    {
        var required = false;
        var open = 0;
        while (_token.Kind == HoconTokenKind.Word)
        {
            var word = _token.Text;
            if (word is not ("required" or "file"))
                throw new HoconException(line, "parse_error", $"cannot include by {word}");
            if (!_scanner.TryTake('('))
                throw Unexpected();
            HoconBudget.CheckDepth(++open, line);
            required |= word == "required";
            Advance();
        }

        if (_token.Kind != HoconTokenKind.Quoted)
            throw Unexpected();
        var name = _token.Text;
        while (open-- > 0)
        {
            if (!_scanner.TryTake(')'))
                throw Unexpected();
        }

        Advance();
        return (name, required);
    }

    private void Read(HoconInclude file, HoconObject into)
    {
        var (scanner, token) = (_scanner, _token);
        _open.Add((file.Path, into));
        try
        {
            _scanner = new HoconScanner(file.Text);
            Advance();
            ParseDocument(into);
        }
        catch (HoconException e) when (e.File is null)
        {
            throw new HoconException(e.Line, e.Type, e.Reason, file.Path);
        }

        _open.RemoveAt(_open.Count - 1);
        (_scanner, _token) = (scanner, token);
    }

    /// <summary>The value of a name: of the file in which it is used, else of the whole document.</summary>
    private ConfigValue? Find(string[] path)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Root.Find(path) is { } value)
                return value;
        }

        return _root.Find(path);
    }
}
