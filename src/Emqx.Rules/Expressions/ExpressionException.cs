namespace Emqx.Rules.Expressions;

/// <summary>An expression has no value: an unbound variable or a function that fails.</summary>
internal sealed class ExpressionException(string reason) : Exception(reason);
