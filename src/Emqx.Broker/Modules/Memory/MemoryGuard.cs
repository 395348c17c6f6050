using System.Globalization;
using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Modules.Memory;

/// <summary>
/// Keeps what the node holds for clients, all together, within a share of the memory there is: first messages of QoS 0 are no longer queued,
/// then the longest queues lose their oldest messages, and clients that do not read or have large tables of aliases are cut off. An alarm tells of it.
/// </summary>
internal sealed class MemoryGuard(IHeap heap, SessionContext context, SessionTable sessions, IAlarmControl alarms) : INodeModule
{
    /// <summary>The alarm's name; EMQX, whose clients' memory nothing bounds together, has none for it.</summary>
    public const string Alarm = "high_queued_messages_memory_usage";

    /// <summary>Of the memory that the process may use: from here on QoS 0 is no longer queued.</summary>
    public const double HighWatermark = 0.25;

    /// <summary>Of the memory that the process may use: from here on queues above their share lose their oldest messages.</summary>
    public const double Limit = 0.30;

    /// <summary>The alarm ends, and all is queued again.</summary>
    public const double LowWatermark = 0.20;

    /// <summary>How many clients are cut off at once, the heaviest first.</summary>
    public const int CutASecond = 100;

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var held = context.Held;
        var usage = (double)held.Total / heap.Available;
        var before = held.Pressure;
        held.Pressure = usage > Limit ? MemoryPressure.High : usage > HighWatermark || (before != MemoryPressure.None && usage > LowWatermark) ? MemoryPressure.Raised : MemoryPressure.None;
        if (held.Pressure == MemoryPressure.High)
            CutHeaviest();
        if (held.Pressure != MemoryPressure.None && before == MemoryPressure.None)
            await alarms.ActivateAsync(Alarm, Details(usage), $"{Percent(usage)}% of the memory waits for clients", cancellation).ConfigureAwait(false);
        else if (held.Pressure == MemoryPressure.None && before != MemoryPressure.None)
            await alarms.DeactivateAsync(Alarm, cancellation).ConfigureAwait(false);
    }

    private void CutHeaviest()
    {
        var heavy = new List<(ISessionLink Link, long Bytes)>();
        foreach (var session in sessions.All)
        {
            if (session.Link is { } link && session.HeldBytes + link.HeldBytes is var bytes && bytes > HeldBytes.Share)
                heavy.Add((link, bytes));
        }

        heavy.Sort(static (left, right) => right.Bytes.CompareTo(left.Bytes));
        foreach (var (link, _) in heavy.Take(CutASecond))
            link.Close(ReasonCode.QuotaExceeded, "memory_pressure");
    }

    private static string Percent(double usage) => string.Create(CultureInfo.InvariantCulture, $"{usage * 100:0.00}");

    private static string Details(double usage) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"usage":{{usage * 100:0.0#}},"high_watermark":{{HighWatermark * 100:0}},"low_watermark":{{LowWatermark * 100:0}}}""");
}
