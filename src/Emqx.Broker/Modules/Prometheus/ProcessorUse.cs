using Emqx.Broker.Monitoring;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>How busy the processors are: since the last look, which is a second ago at least, however often it is asked for.</summary>
internal sealed class ProcessorUse(HostFacts host, TimeProvider time)
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private (long At, long Busy, long Total)? _last;
    private double _percent;

    /// <summary>Percent, to two digits. The first look is one at the time since the machine was started.</summary>
    public double Read()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_last is { } recent && time.GetElapsedTime(recent.At, now) < s_least)
                return _percent;
            var (busy, total) = host.ReadProcessorTimes();
            var (_, busyBefore, totalBefore) = _last ?? default;
            if (total > totalBefore)
                _percent = Math.Round(Math.Clamp(100.0 * (busy - busyBefore) / (total - totalBefore), 0, 100), 2);
            _last = (now, busy, total);
            return _percent;
        }
    }

    /// <summary>Total and used memory in bytes.</summary>
    public (long Total, long Used) ReadMemory()
    {
        var reading = host.Read();
        return (reading.MemoryTotal, reading.MemoryUsed);
    }
}
