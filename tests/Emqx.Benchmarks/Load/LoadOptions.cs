using System.Globalization;

namespace Emqx.Benchmarks.Load;

/// <summary>The shape of a load.</summary>
internal enum LoadMode
{
    /// <summary>Many publishers, one subscriber.</summary>
    FanIn,

    /// <summary>One topic, many subscribers.</summary>
    FanOut,

    /// <summary>Publishers with a subscriber of their own each.</summary>
    Pairs,
}

/// <summary>What to send, from <c>key=value</c> arguments.</summary>
internal sealed record LoadOptions
{
    public int Port { get; init; } = 1883;

    /// <summary>The broker's process, for its CPU time and memory; 0: not measured.</summary>
    public int Pid { get; init; }
    public LoadMode Mode { get; init; }
    public int Qos { get; init; }
    public int Publishers { get; init; } = 1;
    public int Subscribers { get; init; } = 1;

    /// <summary>Connections that subscribe to a topic of their own each and then only wait.</summary>
    public int Idle { get; init; }

    /// <summary>Messages a write.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Messages that may be undelivered, over all publishers.</summary>
    public int Window { get; init; } = 2000;

    /// <summary>Messages that a publisher may have unacknowledged (QoS 1).</summary>
    public int AckWindow { get; init; } = 32;

    /// <summary>Bytes of payload.</summary>
    public int Size { get; init; } = 64;
    public int Seconds { get; init; } = 4;
    public int WarmUp { get; init; } = 2;

    /// <summary>Connects and disconnects a second.</summary>
    public int Rate { get; init; } = 2000;

    /// <summary>Gives each hundred of the idle a user name.</summary>
    public bool Users { get; init; }
    public string Label { get; init; } = "";

    /// <summary>Deliveries that one publish causes.</summary>
    public int Fan => Mode == LoadMode.FanOut ? Subscribers : 1;

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
                "mode" => options with { Mode = Enum.Parse<LoadMode>(value, ignoreCase: true) },
                "qos" => options with { Qos = Number() },
                "pubs" => options with { Publishers = Number() },
                "subs" => options with { Subscribers = Number() },
                "idle" => options with { Idle = Number() },
                "batch" => options with { Batch = Number() },
                "window" => options with { Window = Number() },
                "ackwin" => options with { AckWindow = Number() },
                "size" => options with { Size = Number() },
                "secs" => options with { Seconds = Number() },
                "warm" => options with { WarmUp = Number() },
                "rate" => options with { Rate = Number() },
                "users" => options with { Users = Number() != 0 },
                "label" => options with { Label = value },
                _ => throw new ArgumentException($"no such option: {key}"),
            };
        }

        return options;
    }
}
