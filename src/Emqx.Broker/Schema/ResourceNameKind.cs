using System.Buffers;

namespace Emqx.Broker.Schema;

/// <summary>A name as EMQX wants it for API keys and traces: starts with a letter, goes on with letters, digits, - and _.</summary>
internal sealed class ResourceNameKind : TextKind
{
    private const int MostLetters = 256;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public ResourceNameKind() : base("binary()", ProblemOf)
    {
        Pattern = "^[A-Za-z]+[A-Za-z0-9-_]*$";
        Longest = MostLetters;
    }

    /// <summary>Whether a text is such a name.</summary>
    public static bool IsName(string text) => ProblemOf(text) is null;

    private static string? ProblemOf(string text)
    {
        if (text.Length is 0 or > MostLetters)
            return "Name Length must =< 256";
        return char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(s_allowed) ? null : "Name should be ^[A-Za-z]+[A-Za-z0-9-_]*$";
    }
}
