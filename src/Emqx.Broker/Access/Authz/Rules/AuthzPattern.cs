using System.Text.RegularExpressions;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>Regular expressions of rules, which are found anywhere in a text.</summary>
internal static class AuthzPattern
{
    /// <summary>Characters of a pattern: reading one takes more than linear time.</summary>
    public const int Longest = 4096;

    /// <summary>How long a pattern that can not be matched in linear time may take on one name.</summary>
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(20);

    /// <summary>The pattern, matched in linear time where that can be done. Null: it is none, or too long.</summary>
    public static Regex? Compile(string pattern)
    {
        if (pattern.Length > Longest)
            return null;
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            // Look-arounds and back-references need backtracking; time bounds it.
            return CompileBacktracking(pattern);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Regex? CompileBacktracking(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, s_patternTime);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
