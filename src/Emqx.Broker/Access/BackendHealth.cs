using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access;

/// <summary>How it stands with another system, as far as asking it has shown: its status, what it was asked, and what the log hears of it.</summary>
/// <param name="name">What the log calls it.</param>
internal sealed class BackendHealth(string name, TimeProvider time, ILogger logger)
{
    /// <summary>What a question may take that is asked for the status alone.</summary>
    public static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly LineASecond _failures = new(time);
    private int _status = (int)ResourceStatus.Connecting;
    private long _knownAt;

    public ResourceStatus Status => (ResourceStatus)Volatile.Read(ref _status);

    /// <summary>Whether the status was found out a moment ago.</summary>
    public bool IsFresh => Status != ResourceStatus.Connecting && time.GetElapsedTime(Volatile.Read(ref _knownAt)) < s_fresh;

    /// <summary>What it was asked (total), and how often it has answered (positive) or not (negative).</summary>
    public EntryMetrics Metrics { get; } = new();

    public void Note(ResourceStatus status)
    {
        Volatile.Write(ref _knownAt, time.GetTimestamp());
        Volatile.Write(ref _status, (int)status);
    }

    /// <summary>Tells the log, but not each time, why nothing came of a question.</summary>
    public void Tell(string why)
    {
        if (_failures.IsDue(out var count))
            AccessLog.NotAnswered(logger, name, count, why);
    }
}
