using System.Text.RegularExpressions;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>
/// How long the patterns that need backtracking may take together on one request: each has its own bound, and a hundred of them would be
/// seconds. Those that are left when it is over are not tried, and count as in doubt.
/// </summary>
/// <param name="time">Null: only each pattern's own bound holds.</param>
internal struct PatternBudget(TimeProvider? time)
{
    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(60);

    private readonly TimeProvider? _time = time;
    private long _begun;

    /// <summary>Whether the pattern is found in the text; <paramref name="inDoubt"/> where that took too long.</summary>
    public bool IsMatch(Regex pattern, string text, bool inDoubt)
    {
        var backtracks = (pattern.Options & RegexOptions.NonBacktracking) == 0;
        if (backtracks && IsOver())
            return inDoubt;
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return inDoubt;
        }
    }

    private bool IsOver()
    {
        if (_time is null)
            return false;
        if (_begun != 0)
            return _time.GetElapsedTime(_begun) > s_most;
        _begun = _time.GetTimestamp();
        return false;
    }
}
