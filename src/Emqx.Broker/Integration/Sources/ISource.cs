namespace Emqx.Broker.Integration.Sources;

/// <summary>Brings what another system has through a connector to the rules that select from it.</summary>
internal interface ISource : IAsyncDisposable
{
    /// <summary>Begins to bring rows: to <paramref name="deliver"/>, which says by its completion that it can take the next.</summary>
    ValueTask<ResourceHealth> StartAsync(SourceDelivery deliver, CancellationToken cancellation);

    /// <summary>Looks whether rows could come; asked only while the connector is connected.</summary>
    ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation);

    /// <summary>Brings no more; it may be started again.</summary>
    ValueTask StopAsync(CancellationToken cancellation);
}

/// <summary>Takes one row of a source: values by name.</summary>
internal delegate ValueTask SourceDelivery(IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation);
