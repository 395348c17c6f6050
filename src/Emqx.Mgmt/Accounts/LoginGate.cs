namespace Emqx.Mgmt.Accounts;

/// <summary>Who may try a password at all: few wrong ones a minute from one origin, whatever is tried after them.</summary>
internal sealed class LoginGate(TimeProvider time)
{
    private const int MostFailures = 120;
    private const int MostOrigins = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LoginOrigin, Window> _failures = [];

    /// <summary>How long an origin has to wait; zero where it may try.</summary>
    public TimeSpan WaitOf(LoginOrigin origin)
    {
        lock (_lock)
            return Current(origin) is { Failures: >= MostFailures } window ? s_window - time.GetElapsedTime(window.Start) : TimeSpan.Zero;
    }

    /// <summary>Wrong passwords of an origin within the minute.</summary>
    public int FailuresOf(LoginOrigin origin)
    {
        lock (_lock)
            return Current(origin)?.Failures ?? 0;
    }

    /// <summary>Notes a wrong password.</summary>
    public void NoteFailure(LoginOrigin origin)
    {
        lock (_lock)
        {
            if (Current(origin) is { } window)
            {
                _failures[origin] = window with { Failures = window.Failures + 1 };
                return;
            }

            if (_failures.Count >= MostOrigins && !_failures.ContainsKey(origin))
                MakeRoom();
            _failures[origin] = new(time.GetTimestamp(), 1);
        }
    }

    private Window? Current(LoginOrigin origin) =>
        _failures.TryGetValue(origin, out var window) && time.GetElapsedTime(window.Start) < s_window ? window : null;

    /// <summary>Forgets what is over, or else the origin with the fewest failures: those who guess most stay known.</summary>
    private void MakeRoom()
    {
        var least = default(KeyValuePair<LoginOrigin, Window>);
        foreach (var one in _failures)
        {
            if (time.GetElapsedTime(one.Value.Start) >= s_window)
                _failures.Remove(one.Key);
            else if (least.Value.Failures == 0 || one.Value.Failures < least.Value.Failures)
                least = one;
        }

        if (_failures.Count >= MostOrigins)
            _failures.Remove(least.Key);
    }

    private readonly record struct Window(long Start, int Failures);
}
