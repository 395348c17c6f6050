namespace Emqx.Broker.Node;

/// <summary>A part that takes over what storage has kept, before any listener opens.</summary>
internal interface ILoadAtStart
{
    ValueTask LoadAsync(CancellationToken cancellation);
}
