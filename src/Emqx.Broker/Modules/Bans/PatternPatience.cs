namespace Emqx.Broker.Modules.Bans;

/// <summary>
/// How long all the patterns that need backtracking may take together on one client: each has its own bound, and a hundred of them would
/// be seconds. A client that takes longer counts as banned, as with a single pattern: nobody slips through by a slow name.
/// </summary>
internal struct PatternPatience(TimeProvider time)
{
    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(60);

    private long _begun;

    /// <summary>A target has been looked at. True where that and those before it have taken too long.</summary>
    public bool EndsBehind(BanTarget target)
    {
        if (!target.Backtracks)
            return false;
        if (_begun != 0)
            return time.GetElapsedTime(_begun) > s_most;
        _begun = time.GetTimestamp();
        return false;
    }
}
