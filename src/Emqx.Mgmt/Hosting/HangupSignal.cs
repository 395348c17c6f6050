using System.Runtime.InteropServices;
using Emqx.Broker.Mqtt.Listening;

namespace Emqx.Mgmt.Hosting;

/// <summary>SIGHUP: never the end of the process. Once the node is there, its listeners read their certificates anew.</summary>
internal sealed class HangupSignal : IDisposable
{
    private readonly PosixSignalRegistration? _registration;
    private IServiceProvider? _services;

    public HangupSignal()
    {
        if (!OperatingSystem.IsWindows()) // there it stands for a console that is closed
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
    }

    /// <summary>From now on it reaches these services.</summary>
    public void Reach(IServiceProvider services) => Volatile.Write(ref _services, services);

    public void Dispose() => _registration?.Dispose();

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Volatile.Read(ref _services) is { } services)
            _ = RereadAsync(services);
    }

    private static async Task RereadAsync(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IMqttListeners>().RereadCertificates();
            await services.GetRequiredService<DashboardServer>().RereadCertificatesAsync();
        }
        catch (ObjectDisposedException)
        {
            // The node is going down.
        }
    }
}
