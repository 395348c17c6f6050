using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Broker.Access.Authn;

/// <summary>Changes the root <c>authentication</c>, entry by entry, and waits until the users have followed.</summary>
internal sealed class AuthenticatorControl(ISettingsControl settings, AuthenticatorCatalogue catalogue, AuthnUsers users) : IAuthenticatorControl
{
    private readonly AuthenticationKind _kind = new(catalogue);

    public ValueTask<AuthenticatorOutcome> CreateAsync(ConfigObject entry, CancellationToken cancellation)
    {
        var id = _kind.NameOf(entry) ?? "";
        return ChangeAsync(present => present.Exists(one => IsCalled(one, id))
            ? Refuse(AuthenticatorResult.Exists, id)
            : new([.. present, entry], new(AuthenticatorResult.Done, "", id)), cancellation);
    }

    public ValueTask<AuthenticatorOutcome> UpdateAsync(string id, ConfigObject entry, CancellationToken cancellation) => ChangeAsync(present =>
    {
        var at = present.FindIndex(one => IsCalled(one, id));
        if (at < 0)
            return Refuse(AuthenticatorResult.Unknown, id);
        if (_kind.NameOf(entry) != id)
            return Refuse(AuthenticatorResult.OtherType, id);
        present[at] = entry;
        users.ReadFileAgain(id);
        return new(present, new(AuthenticatorResult.Done, "", id));
    }, cancellation);

    public ValueTask<AuthenticatorOutcome> DeleteAsync(string id, CancellationToken cancellation) => ChangeAsync(present => present.Count == 0
        ? Refuse(AuthenticatorResult.NoChain, id)
        : new(present.FindAll(one => !IsCalled(one, id)), new(AuthenticatorResult.Done)), cancellation);

    public ValueTask<AuthenticatorOutcome> MoveAsync(string id, AuthenticatorPlace place, CancellationToken cancellation) => ChangeAsync(present =>
    {
        var from = present.FindIndex(one => IsCalled(one, id));
        if (from < 0)
            return Refuse(AuthenticatorResult.Unknown, id);
        var moved = present[from];
        present.RemoveAt(from);
        var to = place switch
        {
            AuthenticatorPlace.Front => 0,
            AuthenticatorPlace.Beside beside => present.FindIndex(one => IsCalled(one, beside.Id)) is >= 0 and var at ? at + (beside.IsBehind ? 1 : 0) : -1,
            _ => present.Count,
        };
        if (to < 0)
            return Refuse(AuthenticatorResult.Unknown, ((AuthenticatorPlace.Beside)place).Id);
        present.Insert(to, moved);
        return new(present, new(AuthenticatorResult.Done));
    }, cancellation);

    public ValueTask<AuthenticatorOutcome> ReorderAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => ChangeAsync(present =>
    {
        var ordered = new List<ConfigValue>();
        var unknown = new List<string>();
        foreach (var id in ids)
        {
            var at = present.FindIndex(one => IsCalled(one, id));
            if (at < 0)
            {
                unknown.Add(id);
                continue;
            }

            ordered.Add(present[at]);
            present.RemoveAt(at);
        }

        string[] problems =
        [
            .. unknown.Count == 0 ? (string[])[] : [$"Authenticators: {string.Join(", ", unknown)} are not found"],
            .. present.Count == 0 ? (string[])[] : [$"No positions are specified for authenticators: {string.Join(", ", present.Select(_kind.NameOf))}"],
        ];
        return problems.Length == 0 ? new(ordered, new(AuthenticatorResult.Done)) : Refuse(AuthenticatorResult.Refused, string.Join(", ", problems));
    }, cancellation);

    private static Change Refuse(AuthenticatorResult result, string reason) => new(null, new(result, reason));

    private bool IsCalled(ConfigValue entry, string id) => _kind.NameOf(entry) == id;

    /// <summary>Makes another list of the present one; it is checked as a whole before it is stored.</summary>
    private async ValueTask<AuthenticatorOutcome> ChangeAsync(Func<List<ConfigValue>, Change> change, CancellationToken cancellation)
    {
        var outcome = await settings.ChangeAsync<AuthenticatorOutcome>(present => new(Propose(present, change)), cancellation).ConfigureAwait(false);
        if (outcome.Result == AuthenticatorResult.Done)
            await users.SettleAsync(cancellation).ConfigureAwait(false);
        return outcome;
    }

    private SettingsProposal<AuthenticatorOutcome> Propose(PresentSettings present, Func<List<ConfigValue>, Change> change)
    {
        var (entries, outcome) = change([.. EntryListKind.ItemsOf(present.Value(AuthnChain.Root))]);
        if (entries is null)
            return new(outcome);
        var problems = new List<Violation>();
        if (present.Change(present.Catalogue.Find(AuthnChain.Root)!, AuthnChain.Root, new ConfigArray(entries), Completion.Defaults, problems) is not { } made)
            return new(new AuthenticatorOutcome(AuthenticatorResult.Refused, Violation.ToJson(problems)));
        var entry = EntryListKind.ItemsOf(made.Checked).OfType<ConfigObject>().FirstOrDefault(one => IsCalled(one, outcome.Id));
        return new([made], outcome with { Entry = entry });
    }

    /// <param name="Entries">The new list; null where all stays as it is.</param>
    private readonly record struct Change(List<ConfigValue>? Entries, AuthenticatorOutcome Outcome);
}
