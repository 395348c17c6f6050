namespace Emqx.TestKit;

/// <summary>Something else happened than the test expected.</summary>
public sealed class ExpectationException(string message) : Exception(message);
