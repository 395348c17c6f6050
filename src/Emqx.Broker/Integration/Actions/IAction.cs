namespace Emqx.Broker.Integration.Actions;

/// <summary>
/// Sends what rules give it through a connector. Whoever calls it has bounded and ordered the rows, counts them and repeats what may be
/// repeated: an action only sends.
/// </summary>
internal interface IAction
{
    /// <summary>Sends rows, more than one only where its type takes batches. May be called from several threads at once.</summary>
    ValueTask<SendOutcome> SendAsync(IReadOnlyList<ActionRow> rows, CancellationToken cancellation);

    /// <summary>Looks whether rows could be sent now; asked only while the connector is connected.</summary>
    ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation);
}
