using System.Globalization;
using Emqx.Broker.Cluster;

namespace Emqx.Broker.Monitoring;

/// <summary>
/// Loads, memory and limits of the machine, from /proc. Read at most once a second, however often it is asked for.
/// Where /proc is missing everything is 0.
/// </summary>
internal sealed class HostFacts(HostPaths paths, TimeProvider time)
{
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private Cached? _cached;

    private sealed record Cached(long At, HostReading Reading);

    /// <summary>The latest look, at most a second old.</summary>
    public HostReading Read()
    {
        var cached = Volatile.Read(ref _cached);
        if (cached is not null && time.GetElapsedTime(cached.At) < s_life)
            return cached.Reading;

        lock (_gate)
        {
            cached = _cached;
            if (cached is not null && time.GetElapsedTime(cached.At) < s_life)
                return cached.Reading;
            var at = time.GetTimestamp();
            var reading = Look();
            Volatile.Write(ref _cached, new Cached(at, reading));
            return reading;
        }
    }

    /// <summary>Busy and total time of all processors since the machine started, in ticks of the kernel.</summary>
    public (long Busy, long Total) ReadProcessorTimes() => ParseProcessorTimes(Text("stat"));

    private HostReading Look()
    {
        var (load1, load5, load15) = ParseLoads(Text("loadavg"));
        var (total, used) = ParseMemory(Text("meminfo"));
        var limits = Text("self/limits");
        var threads = ParseNumber(Text("sys/kernel/threads-max"));
        return new HostReading(load1, load5, load15, total, used, ParseLimit(limits, "Max open files", long.MaxValue),
            ParseLimit(limits, "Max processes", threads), ParseThreads(Text("self/stat")));
    }

    private string Text(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(paths.Proc, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static (double, double, double) ParseLoads(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Load(0), Load(1), Load(2));

        double Load(int at) =>
            at < parts.Length && double.TryParse(parts[at], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : 0;
    }

    private static (long Total, long Used) ParseMemory(string text)
    {
        long total = 0, available = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("MemTotal:"))
                total = Kilobytes(line);
            else if (line.StartsWith("MemAvailable:"))
                available = Kilobytes(line);
        }

        return (total, Math.Max(0, total - available));
    }

    private static long Kilobytes(ReadOnlySpan<char> line)
    {
        var value = line[(line.IndexOf(':') + 1)..].Trim();
        var end = value.IndexOf(' ');
        return ParseNumber(end < 0 ? value : value[..end]) * 1024;
    }

    private static long ParseLimit(string limits, string name, long unlimited)
    {
        foreach (var line in limits.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name))
                continue;
            var soft = line[name.Length..].TrimStart();
            var end = soft.IndexOf(' ');
            soft = end < 0 ? soft : soft[..end];
            return soft is "unlimited" ? unlimited : ParseNumber(soft);
        }

        return 0;
    }

    private static long ParseThreads(string stat)
    {
        // The second field is the program's name in parentheses and may hold blanks; num_threads is the 20th.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 17 ? ParseNumber(fields[17]) : 0;
    }

    private static (long Busy, long Total) ParseProcessorTimes(string stat)
    {
        var end = stat.IndexOf('\n', StringComparison.Ordinal);
        var fields = (end < 0 ? stat : stat[..end]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long total = 0, idle = 0;

        // cpu user nice system idle iowait irq softirq steal; guests are counted in user already.
        for (var i = 1; i < Math.Min(fields.Length, 9); i++)
        {
            var value = ParseNumber(fields[i]);
            total += value;
            if (i is 4 or 5)
                idle += value;
        }

        return (total - idle, total);
    }

    private static long ParseNumber(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : 0;
}

/// <summary>Where the kernel tells of itself.</summary>
internal sealed record HostPaths(string Proc);
