using System.Globalization;
using System.Text;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>A term of Erlang as a file of rules has it.</summary>
internal abstract record AclTerm
{
    /// <summary>A name: <c>allow</c>, <c>'and'</c>.</summary>
    internal sealed record Word(string Name) : AclTerm;

    /// <summary>A text in double quotes, or the binary of one.</summary>
    internal sealed record Text(string Value) : AclTerm;

    internal sealed record Number(long Value) : AclTerm;

    internal sealed record Tuple(IReadOnlyList<AclTerm> Items) : AclTerm;

    internal sealed record List(IReadOnlyList<AclTerm> Items) : AclTerm;

    /// <summary>As Erlang prints it, at most so many characters.</summary>
    public string Print(int most = 200)
    {
        var text = new StringBuilder();
        Print(text, most);
        return text.Length <= most ? text.ToString() : text.ToString(0, most) + "...";
    }

    private void Print(StringBuilder text, int most)
    {
        if (text.Length > most)
            return;
        switch (this)
        {
            case Word word:
                text.Append(word.Name);
                break;
            case Text literal:
                text.Append('"').Append(literal.Value).Append('"');
                break;
            case Number number:
                text.Append(CultureInfo.InvariantCulture, $"{number.Value}");
                break;
            case Tuple tuple:
                Print(text, '{', tuple.Items, '}', most);
                break;
            case List list:
                Print(text, '[', list.Items, ']', most);
                break;
        }
    }

    private static void Print(StringBuilder text, char open, IReadOnlyList<AclTerm> items, char close, int most)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            items[i].Print(text, most);
        }

        text.Append(close);
    }
}
