using OpenTelemetry.Resources;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>Whom a collector takes the exporter for.</summary>
/// <param name="Service">What kind of program it is.</param>
/// <param name="Instance">Which one of its kind.</param>
internal sealed record ExportedNode(string Service, string Version, string Instance)
{
    /// <summary>The package's form of it.</summary>
    public ResourceBuilder ToResource() => ResourceBuilder.CreateEmpty()
        .AddService(Service, serviceVersion: Version, autoGenerateServiceInstanceId: false, serviceInstanceId: Instance)
        .AddTelemetrySdk();
}
