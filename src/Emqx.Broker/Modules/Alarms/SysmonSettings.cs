namespace Emqx.Broker.Modules.Alarms;

/// <summary>The part <c>sysmon.os</c> that raises alarms. Milliseconds, -1: disabled; watermarks from 0 to 1.</summary>
internal sealed record SysmonSettings(long CpuCheckInterval = 60_000, double CpuHighWatermark = 0.80, double CpuLowWatermark = 0.60,
    long MemoryCheckInterval = 60_000, double SystemMemoryHighWatermark = 0.70);
