using Emqx.Broker.Access.Http;
using Emqx.Broker.Cluster;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using Emqx.Drivers.OpenTelemetry;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>What exports are made of, of the settings. It remembers of none whether it works: the log is told when that changes.</summary>
internal sealed class Collectors(NodeIdentity node, ConfigPaths paths, ILogger<Collectors> logger)
{
    private const string Service = "emqx";

    /// <summary>Whom a collector takes this node for.</summary>
    public ExportedNode Self => new(Service, NodeIdentity.Version, node.Name);

    /// <summary>The collector of the settings.</summary>
    /// <param name="signal">What it is sent, for the log.</param>
    /// <param name="milliseconds">How long one request may take.</param>
    public Collector Of(ExporterSettings settings, string signal, long milliseconds)
    {
        var endpoint = new Uri(settings.Endpoint);
        var tls = ClientTls.OptionsOf(endpoint.Host, settings.Tls with { Options = Expanded(settings.Tls.Options) });
        var fails = false;
        return new(endpoint, settings.Headers, tls, TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 100, int.MaxValue)), reason =>
        {
            if (reason is not null && !fails)
                OpenTelemetryLog.NotTaken(logger, signal, reason);
            else if (reason is null && fails)
                OpenTelemetryLog.TakenAgain(logger, signal);
            fails = reason is not null;
        });
    }

    private TlsSettings Expanded(TlsSettings tls) => tls with
    {
        CaCertFile = paths.ExpandFile(tls.CaCertFile ?? ""),
        CertFile = paths.ExpandFile(tls.CertFile ?? ""),
        KeyFile = paths.ExpandFile(tls.KeyFile ?? ""),
    };

    /// <summary>What waits, within the package's bounds.</summary>
    public static ExportQueue QueueOf(int size, long delay) => new(size, TimeSpan.FromMilliseconds(Math.Clamp(delay, 1, int.MaxValue)));
}
