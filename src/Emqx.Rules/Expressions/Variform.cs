using System.Globalization;

namespace Emqx.Rules.Expressions;

/// <summary>
/// An expression over named variables that gives a text, as EMQX's variform: <c>username</c>, <c>concat([username, '-', clientid])</c>,
/// <c>nth(1, tokens(clientid, '-'))</c>, <c>coalesce(client_attrs.tns, 'none')</c>. Compiled once, evaluated as often as its variables change.
/// </summary>
internal sealed class Variform
{
    private readonly ExpressionNode _root;

    private Variform(ExpressionNode root) => _root = root;

    /// <summary>Compiles the text. Functions are not looked up yet: an unknown one fails when evaluated, as in EMQX.</summary>
    public static bool TryParse(string text, out Variform variform, out string error)
    {
        var parser = new ExpressionParser(text);
        var root = parser.Parse(out error);
        variform = new Variform(root ?? ExpressionNode.Empty);
        return root is not null;
    }

    /// <summary>The value as text, "" where it is empty; null where a variable has no value or a function fails.</summary>
    /// <param name="variables">The value of a name such as <c>username</c> or <c>user_property.X</c>; null where it has none.</param>
    public string? Evaluate(Func<string, string?> variables)
    {
        try
        {
            return _root.Evaluate(variables) switch
            {
                object?[] => null,
                var value => ToText(value),
            };
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    /// <summary>A value as functions and results show it.</summary>
    internal static string ToText(object? value) => value switch
    {
        null => "",
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("0.0#########", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        object?[] items => string.Concat(items.Select(ToText)),
        _ => throw new ExpressionException("bad_value"),
    };
}
