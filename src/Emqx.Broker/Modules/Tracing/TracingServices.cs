using Emqx.Broker.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Registers what the traces are made of.</summary>
internal static class TracingServices
{
    public static IServiceCollection AddTracing(this IServiceCollection services) => services
        .AddSingleton<TraceRunner>().AddSingleton<TraceTaps>().AddSingleton<TraceWriter>()
        .AddSingleton<ITraceFiles>(static all => all.GetRequiredService<NodeIdentity>() is { KeepsNothing: false } node
            ? new TraceFolder(Path.Combine(Path.GetFullPath(node.DataFolder), "trace"))
            : new TraceMemory(all.GetRequiredService<TimeProvider>()));
}
