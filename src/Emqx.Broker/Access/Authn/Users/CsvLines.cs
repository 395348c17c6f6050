using System.Text;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>The lines of a text that have something in them.</summary>
internal ref struct CsvLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;
    private ReadOnlySpan<byte> _line;
    private int _next = 1;

    /// <summary>The line's number, counted from 1; empty lines count.</summary>
    public int Number { get; private set; }

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var length = _rest.IndexOfAny((byte)'\r', (byte)'\n');
            _line = length < 0 ? _rest : _rest[..length];
            Number = _next++;
            _rest = length < 0 ? [] : _rest[(length + (_rest[length..].StartsWith("\r\n"u8) ? 2 : 1))..];
            if (!_line.IsEmpty)
                return true;
        }

        return false;
    }

    /// <summary>The fields of the line; empty ones do not count.</summary>
    public readonly List<string> Fields()
    {
        var fields = new List<string>();
        for (var rest = _line; !rest.IsEmpty;)
        {
            var length = rest.IndexOfAny((byte)',', (byte)' ');
            if (length != 0)
                fields.Add(Encoding.UTF8.GetString(length < 0 ? rest : rest[..length]));
            rest = length < 0 ? [] : rest[(length + 1)..];
        }

        return fields;
    }
}
