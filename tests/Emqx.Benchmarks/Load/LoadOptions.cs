using System.Globalization;

namespace Emqx.Benchmarks.Load;

/// <summary>Of whom, and how many, from <c>key=value</c> arguments.</summary>
internal sealed record LoadOptions
{
    public int Port { get; init; } = 1883;

    /// <summary>The broker's process, for its CPU time and memory; 0: not measured.</summary>
    public int Pid { get; init; }
    public int Qos { get; init; }

    /// <summary>Connections that subscribe to a topic of their own each and then only wait.</summary>
    public int Idle { get; init; }

    /// <summary>Messages a write.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Bytes of payload.</summary>
    public int Size { get; init; } = 64;
    public int Seconds { get; init; } = 4;

    /// <summary>Connects and disconnects a second.</summary>
    public int Rate { get; init; } = 2000;

    /// <summary>Gives each hundred of the idle a user name.</summary>
    public bool Users { get; init; }

    public static LoadOptions Parse(IEnumerable<string> arguments)
    {
        var options = new LoadOptions();
        foreach (var argument in arguments)
        {
            var (key, value) = argument.Split('=', 2) is [var k, var v] ? (k, v) : throw new ArgumentException($"not key=value: {argument}");
            int Number() => int.Parse(value, CultureInfo.InvariantCulture);
            options = key switch
            {
                "port" => options with { Port = Number() },
                "pid" => options with { Pid = Number() },
                "qos" => options with { Qos = Number() },
                "idle" => options with { Idle = Number() },
                "batch" => options with { Batch = Number() },
                "size" => options with { Size = Number() },
                "secs" => options with { Seconds = Number() },
                "rate" => options with { Rate = Number() },
                "users" => options with { Users = Number() != 0 },
                _ => throw new ArgumentException($"no such option: {key}"),
            };
        }

        return options;
    }
}
