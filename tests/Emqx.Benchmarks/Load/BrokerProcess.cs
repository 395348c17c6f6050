using System.Globalization;

namespace Emqx.Benchmarks.Load;

/// <summary>What Linux tells of the broker's process.</summary>
internal static class BrokerProcess
{
    /// <summary>User and system time so far.</summary>
    public static double CpuSeconds(int pid)
    {
        if (pid == 0)
            return 0;
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Resident set.</summary>
    public static long ResidentKilobytes(int pid)
    {
        if (pid == 0)
            return 0;
        var line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }
}
