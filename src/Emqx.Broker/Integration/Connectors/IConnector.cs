namespace Emqx.Broker.Integration.Connectors;

/// <summary>
/// A connection to another system, shared by the actions and sources that name it. It is made when a configuration names it, and
/// takes nothing up before it is started. Its methods are called one at a time; what actions do with it comes from many threads.
/// </summary>
internal interface IConnector : IAsyncDisposable
{
    /// <summary>Opens what is needed. Whoever cannot reach the other system says so in the answer, and is started again later.</summary>
    ValueTask<ResourceHealth> StartAsync(CancellationToken cancellation);

    /// <summary>Looks whether the other system answers.</summary>
    ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation);

    /// <summary>Closes what <see cref="StartAsync"/> has opened; it may be started again.</summary>
    ValueTask StopAsync(CancellationToken cancellation);
}
