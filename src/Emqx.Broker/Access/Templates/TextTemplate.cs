using System.Buffers;
using System.Text;

namespace Emqx.Broker.Access.Templates;

/// <summary>
/// A text with places for what differs from client to client: <c>${clientid}</c>. A place whose name may not be used is text, and
/// <c>${$}</c> stands for <c>$</c>, as in EMQX. What is filled in is never read as a template again.
/// </summary>
internal sealed class TextTemplate
{
    private const string Open = "${";
    private const string Dollar = "${$}";

    /// <summary>Literal texts, and what fills the place behind each; the last has none.</summary>
    private readonly List<(byte[] Text, Func<TemplateValues, ReadOnlyMemory<byte>>? Value)> _parts = [];

    /// <param name="encoding">Of what stands between the places; null: UTF-8.</param>
    public TextTemplate(string text, TemplateNames names, Encoding? encoding = null)
    {
        encoding ??= Encoding.UTF8;
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (string.CompareOrdinal(text, at, Dollar, 0, Dollar.Length) == 0)
            {
                literal.Append('$');
                at += Dollar.Length;
            }
            else if (NameAt(text, at) is { } name && names.Find(name.StartsWith('.') ? name[1..] : name) is { } value)
            {
                _parts.Add((encoding.GetBytes(literal.ToString()), value));
                literal.Clear();
                at += Open.Length + name.Length + 1;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }

        _parts.Add((encoding.GetBytes(literal.ToString()), null));
    }

    /// <summary>Literal texts and what fills the place behind each, which the last does not have; for what is sent apart from the text.</summary>
    public IReadOnlyList<(byte[] Text, Func<TemplateValues, ReadOnlyMemory<byte>>? Value)> Parts => _parts;

    /// <summary>Whether it is the same for all.</summary>
    public bool IsConstant => _parts.Count == 1;

    /// <summary>Writes the text with all places filled in.</summary>
    /// <param name="encode">How what is filled in is written; null: as it is.</param>
    public void Write(ArrayBufferWriter<byte> into, TemplateValues values, Action<ArrayBufferWriter<byte>, ReadOnlyMemory<byte>>? encode = null)
    {
        foreach (var (text, value) in _parts)
        {
            into.Write(text);
            if (value is null)
                continue;
            if (encode is null)
                into.Write(value(values).Span);
            else
                encode(into, value(values));
        }
    }

    /// <summary>The text with all places filled in.</summary>
    public ReadOnlyMemory<byte> Fill(TemplateValues values)
    {
        if (IsConstant)
            return _parts[0].Text;
        var filled = new ArrayBufferWriter<byte>(64);
        Write(filled, values);
        return filled.WrittenMemory;
    }

    /// <summary>The name in the place that begins here, a leading dot with it; null where none does.</summary>
    private static string? NameAt(string text, int at)
    {
        if (string.CompareOrdinal(text, at, Open, 0, Open.Length) != 0)
            return null;
        var from = at + Open.Length;
        var end = from;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_'))
            end++;
        return end < text.Length && text[end] == '}' ? text[from..end] : null;
    }
}
