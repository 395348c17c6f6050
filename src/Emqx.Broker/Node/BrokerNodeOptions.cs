using System.Net;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>What a <see cref="BrokerNode"/> of one's own is made of. The defaults: no listener, everything in memory, nothing read from files or the environment.</summary>
public sealed record BrokerNodeOptions
{
    /// <summary>The node's name, <c>name@host</c>.</summary>
    public string Name { get; init; } = "emqx@127.0.0.1";

    /// <summary>Where MQTT is spoken over TCP, as the listener <c>tcp:default</c>; port 0 takes a free one. Null: nowhere.</summary>
    public IPEndPoint? Tcp { get; init; }

    /// <summary>
    /// Settings as <c>emqx.conf</c> has them (HOCON), with EMQX's names, units and defaults: <c>mqtt.max_inflight = 8</c>. The default
    /// listeners are off unless it enables them: <c>listeners.ws.default { enable = true, bind = "127.0.0.1:0" }</c>.
    /// </summary>
    public string Configuration { get; init; } = "";

    /// <summary>The node's clock. One that stands still holds keep alive, expiry and delays up, but no message.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the node logs to; it is not disposed. Null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>More services of the node, or others in place of its own: called last.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ArgumentException">They cannot be read or break EMQX's rules; the message has a line for each problem.</exception>
    internal NodeConfiguration Load()
    {
        var text = Tcp is { } tcp ? $"{Configuration}\nlisteners.tcp.default {{ enable = true, bind = \"{tcp}\" }}\n" : Configuration;
        var sources = ConfigurationSources.FromText(NodeRoots.Catalogue, text, Name);
        return NodeConfiguration.Load(sources, new Dictionary<string, string>(), out var failures)
            ?? throw new ArgumentException(string.Join('\n', failures), nameof(Configuration));
    }
}
