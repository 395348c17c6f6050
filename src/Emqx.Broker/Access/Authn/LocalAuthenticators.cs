using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn;

/// <summary>The authenticators of a node that is alone.</summary>
internal sealed class LocalAuthenticators(AuthnChain chain, AuthenticatorCatalogue catalogue, NodeIdentity self) : IAuthenticatorDirectory
{
    public ValueTask<IReadOnlyList<AuthenticatorFacts>> ListAsync(CancellationToken cancellation) =>
        new([.. chain.Entries.Select(one => FactsOf(one.Id, one.Entry, BackendReading.Of(one.Entry.Instance)))]);

    public ValueTask<AuthenticatorFacts?> FindAsync(string id, CancellationToken cancellation) =>
        new(Find(id) is { } found ? FactsOf(id, found, BackendReading.Of(found.Instance)) : null);

    public async ValueTask<AuthenticatorFacts?> CheckAsync(string id, CancellationToken cancellation) =>
        Find(id) is { } found ? FactsOf(id, found, await BackendReading.CheckAsync(found.Instance, cancellation).ConfigureAwait(false)) : null;

    private EntryInstance<IAuthenticator>? Find(string id)
    {
        foreach (var (known, entry) in chain.Entries)
        {
            if (known == id)
                return entry;
        }

        return null;
    }

    private AuthenticatorFacts FactsOf(string id, EntryInstance<IAuthenticator> entry, BackendReading backend) =>
        new(id, (ConfigObject)catalogue.Find(id)!.Kind.Shown(entry.Entry), [new(self.Name, new(entry.Metrics.Read(), backend))]);
}
