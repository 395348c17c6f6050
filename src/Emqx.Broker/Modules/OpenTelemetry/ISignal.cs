namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>Metrics, logs or traces: what is switched on and off by itself. Calls come one after the other.</summary>
internal interface ISignal : IDisposable
{
    /// <summary>What of the settings is about it; null while it is off.</summary>
    object? PartOf(OpenTelemetrySettings settings);

    /// <summary>Begins to export. Where it throws, <see cref="End"/> clears up.</summary>
    ValueTask StartAsync(OpenTelemetrySettings settings, CancellationToken cancellation);

    /// <summary>Called every second, also beside the others.</summary>
    ValueTask TickAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Stops, whatever has been started; what waits is sent as far as it can in that time.</summary>
    void End(TimeSpan patience);
}
