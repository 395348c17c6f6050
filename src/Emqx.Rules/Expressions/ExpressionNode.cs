namespace Emqx.Rules.Expressions;

/// <summary>A part of an expression. Values are text, whole numbers, fractions, booleans and arrays of them.</summary>
internal abstract class ExpressionNode
{
    public static readonly ExpressionNode Empty = new ConstantNode("");

    public abstract object? Evaluate(Func<string, string?> variables);
}

/// <summary>A number or a quoted text.</summary>
internal sealed class ConstantNode(object value) : ExpressionNode
{
    public override object? Evaluate(Func<string, string?> variables) => value;
}

/// <summary>A name that stands for what the caller knows by it.</summary>
internal sealed class VariableNode(string name) : ExpressionNode
{
    public override object? Evaluate(Func<string, string?> variables) => variables(name) ?? throw new ExpressionException(UnboundReason);

    public const string UnboundReason = "var_unbound";
}

/// <summary>Several values in brackets.</summary>
internal sealed class ArrayNode(ExpressionNode[] items) : ExpressionNode
{
    public ExpressionNode[] Items => items;

    public override object? Evaluate(Func<string, string?> variables) => Array.ConvertAll(items, item => item.Evaluate(variables));
}

/// <summary>A function of values. Three functions see unbound variables as empty and evaluate only what they need.</summary>
internal sealed class CallNode(string function, ExpressionNode[] arguments) : ExpressionNode
{
    public override object? Evaluate(Func<string, string?> variables) => (function, arguments) switch
    {
        ("coalesce", [ArrayNode array]) => FirstNotEmpty(array.Items, variables),
        ("coalesce", [var list]) => Attempt(list, variables) is object?[] items ? items.FirstOrDefault(item => !IsEmpty(item)) ?? ""
            : throw new ExpressionException("coalesce_badarg"),
        ("coalesce", _) => FirstNotEmpty(arguments, variables),
        ("is_empty", [var value]) => IsEmpty(Attempt(value, variables)),
        ("iif", [var condition, var yes, var no]) => (IsMet(Attempt(condition, variables)) ? yes : no).Evaluate(variables),
        _ => ExpressionFunctions.Call(function, Array.ConvertAll(arguments, argument => argument.Evaluate(variables))),
    };

    private static object? FirstNotEmpty(ExpressionNode[] items, Func<string, string?> variables)
    {
        foreach (var item in items)
        {
            if (Attempt(item, variables) is var value && !IsEmpty(value))
                return value;
        }

        return "";
    }

    private static object? Attempt(ExpressionNode node, Func<string, string?> variables)
    {
        try
        {
            return node.Evaluate(variables);
        }
        catch (ExpressionException e) when (e.Message == VariableNode.UnboundReason)
        {
            return "";
        }
    }

    private static bool IsEmpty(object? value) => value is null or "";

    private static bool IsMet(object? value) => value is bool flag ? flag : !IsEmpty(value);
}
