using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>Registers what the export is made of.</summary>
internal static class OpenTelemetryServices
{
    /// <summary>The log's tap is the host's, where it has one.</summary>
    public static IServiceCollection AddOpenTelemetry(this IServiceCollection services)
    {
        services.TryAddSingleton<LogTap>();
        return services.AddSingleton<Collectors>().AddSingleton<MetricsSignal>().AddSingleton<LogSignal>().AddSingleton<TraceSignal>();
    }
}
