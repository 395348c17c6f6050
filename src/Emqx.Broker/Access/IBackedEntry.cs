namespace Emqx.Broker.Access;

/// <summary>An authenticator or a source whose back end says how it stands.</summary>
internal interface IBackedEntry : IAccessBackend
{
    IAccessBackend Asked { get; }

    ResourceStatus IAccessBackend.Status => Asked.Status;

    EntryMetrics IAccessBackend.ResourceMetrics => Asked.ResourceMetrics;

    ValueTask<ResourceStatus> IAccessBackend.CheckAsync(CancellationToken cancellation) => Asked.CheckAsync(cancellation);
}
