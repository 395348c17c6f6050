using System.Text;
using Emqx.Broker.Access.Templates;

namespace Emqx.Broker.Access.Sql;

/// <summary>
/// A query with places for what differs from client to client. What fills them never becomes part of its text: it is sent beside it, so that nobody's
/// name is read as SQL.
/// </summary>
internal sealed class SqlTemplate
{
    private const char Quote = '"';
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<Func<TemplateValues, ReadOnlyMemory<byte>>> _values = [];

    /// <param name="query">With places like <c>${username}</c>; quotation marks around one go, as in EMQX.</param>
    /// <param name="names">Which places it may have.</param>
    /// <param name="placeOf">What stands for a place in the database's own form, by its number from 1 on.</param>
    public SqlTemplate(string query, TemplateNames names, Func<int, string> placeOf)
    {
        var parts = new TextTemplate(query, names).Parts;
        var texts = parts.Select(static part => Encoding.UTF8.GetString(part.Text)).ToArray();
        var statement = new StringBuilder();
        for (var i = 0; i < texts.Length; i++)
        {
            if (parts[i].Value is not { } value)
            {
                statement.Append(texts[i]);
                continue;
            }

            if (texts[i].EndsWith(Quote) && texts[i + 1].StartsWith(Quote))
                (texts[i], texts[i + 1]) = (texts[i][..^1], texts[i + 1][1..]);
            _values.Add(value);
            statement.Append(texts[i]).Append(placeOf(_values.Count));
        }

        Statement = statement.ToString();
    }

    /// <summary>The query in the database's own form.</summary>
    public string Statement { get; }

    /// <summary>What fills the places, in their order; nothing where a client has no such value. Null where one is no text that a database takes.</summary>
    public IReadOnlyList<string>? Fill(TemplateValues values)
    {
        var filled = new string[_values.Count];
        for (var i = 0; i < filled.Length; i++)
        {
            if (TextOf(_values[i](values).Span) is not { } text)
                return null;
            filled[i] = text;
        }

        return filled;
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Contains((byte)0) ? null : s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
