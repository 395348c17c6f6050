using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn;

/// <summary>The authenticators of a node that is alone.</summary>
internal sealed class LocalAuthenticators(AuthnChain chain, AuthenticatorCatalogue catalogue, NodeIdentity self) : IAuthenticatorDirectory
{
    public ValueTask<IReadOnlyList<AuthenticatorFacts>> ListAsync(CancellationToken cancellation) => new([.. chain.Entries.Select(one => FactsOf(one.Id, one.Entry))]);

    public ValueTask<AuthenticatorFacts?> FindAsync(string id, CancellationToken cancellation)
    {
        foreach (var (known, entry) in chain.Entries)
        {
            if (known == id)
                return new(FactsOf(id, entry));
        }

        return new((AuthenticatorFacts?)null);
    }

    private AuthenticatorFacts FactsOf(string id, EntryInstance<IAuthenticator> entry) =>
        new(id, (ConfigObject)catalogue.Find(id)!.Kind.Shown(entry.Entry), [new(self.Name, entry.Metrics.Read())]);
}
