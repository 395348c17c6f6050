using System.Globalization;
using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>Raises high_cpu_usage and high_system_memory_usage over the high watermark, ends them under the low one.</summary>
internal sealed class SystemAlarms(IAlarmControl alarms, HostFacts host, SettingsRoot<SysmonSettings> settings, TimeProvider time) : INodeModule
{
    private long _nextProcessor = time.SteadyMilliseconds(); // steady, as the other
    private long _nextMemory = time.SteadyMilliseconds() + settings.Current.MemoryCheckInterval;
    private (long Busy, long Total)? _processor;

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var current = settings.Current;
        var steady = time.SteadyMilliseconds();
        if (current.CpuCheckInterval > 0 && steady >= _nextProcessor)
        {
            _nextProcessor = steady + current.CpuCheckInterval;
            await CheckProcessorAsync(current, cancellation).ConfigureAwait(false);
        }

        if (current.MemoryCheckInterval > 0 && steady >= _nextMemory)
        {
            _nextMemory = steady + current.MemoryCheckInterval;
            await CheckMemoryAsync(current, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckProcessorAsync(SysmonSettings current, CancellationToken cancellation)
    {
        var times = host.ReadProcessorTimes();
        var before = _processor;
        _processor = times;
        if (before is not { } last || times.Total <= last.Total)
            return;

        var usage = (double)(times.Busy - last.Busy) / (times.Total - last.Total);
        var text = Percent(usage);
        if (usage > current.CpuHighWatermark)
        {
            var details = string.Create(CultureInfo.InvariantCulture,
                $$"""{"usage":{{usage * 100:0.0#}},"high_watermark":{{current.CpuHighWatermark * 100:0.##}},"low_watermark":{{current.CpuLowWatermark * 100:0.##}}}""");
            await alarms.ActivateAsync("high_cpu_usage", details, $"{text} cpu usage", cancellation).ConfigureAwait(false);
        }
        else if (usage < current.CpuLowWatermark)
        {
            await alarms.DeactivateAsync("high_cpu_usage", cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckMemoryAsync(SysmonSettings current, CancellationToken cancellation)
    {
        var reading = host.Read();
        if (reading.MemoryTotal == 0)
            return;

        var usage = (double)reading.MemoryUsed / reading.MemoryTotal;
        if (usage > current.SystemMemoryHighWatermark)
        {
            var high = string.Create(CultureInfo.InvariantCulture, $"{current.SystemMemoryHighWatermark * 100:0.##}");
            await alarms.ActivateAsync("high_system_memory_usage", string.Create(CultureInfo.InvariantCulture, $$"""{"usage":{{usage * 100:0.0#}},"high_watermark":{{high}}}"""),
                $"{Percent(usage)} mem usage", cancellation).ConfigureAwait(false);
        }
        else
        {
            await alarms.DeactivateAsync("high_system_memory_usage", cancellation).ConfigureAwait(false);
        }
    }

    private static string Percent(double usage) => string.Create(CultureInfo.InvariantCulture, $"{usage * 100:0.00}%");
}
