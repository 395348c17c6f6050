using Emqx.Broker.Hooks;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>
/// The users of all authenticators that have users of their own. They follow the root <c>authentication</c>: those of an authenticator that goes
/// are gone, and the file that one names is read when it comes or changes.
/// </summary>
internal sealed class AuthnUsers : INodeModule, IDisposable
{
    private readonly AuthenticationKind _kind;
    private readonly RunningConfiguration _running;
    private readonly IAuthnUserStore _store;
    private readonly BootstrapUsers _bootstrap;
    private readonly ILogger<AuthnUsers> _logger;
    private readonly Dictionary<string, AuthnUserSet> _sets;
    private readonly OneAtATime _settling = new();
    private readonly WorkQueue<bool> _changes = new(capacity: 1);
    private HashSet<string> _present = [];

    public AuthnUsers(AuthenticatorCatalogue catalogue, RunningConfiguration running, IAuthnUserStore store, BootstrapUsers bootstrap, ILogger<AuthnUsers> logger)
    {
        (_running, _store, _bootstrap, _logger) = (running, store, bootstrap, logger);
        _kind = new(catalogue);
        _sets = catalogue.Entries.Where(static type => type.Users is not null).ToDictionary(static type => type.Id, type => new AuthnUserSet(type.Id, store), StringComparer.Ordinal);
    }

    /// <summary>The entries of the configuration, each with the id of its type.</summary>
    public IReadOnlyList<(string Id, ConfigObject Entry)> Entries =>
        [.. EntryListKind.ItemsOf(_running.Value(AuthnChain.Root)).OfType<ConfigObject>().Select(entry => (_kind.NameOf(entry)!, entry))];

    /// <summary>The users of an authenticator, whether the configuration has it or not; null where such a one has none.</summary>
    public AuthnUserSet? Of(string authenticator) => _sets.GetValueOrDefault(authenticator);

    /// <summary>How an authenticator's users are kept; null where it has none.</summary>
    public AuthnUserForm? FormOf(ConfigObject entry) => _kind.Find(entry)?.Users;

    public void Attach(BrokerHooks hooks)
    {
        _present = Present();
        _running.Follow([AuthnChain.Root], TakeOver);
    }

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var rows in (await _store.LoadAsync(cancellation).ConfigureAwait(false)).GroupBy(static row => row.Authenticator))
            Of(rows.Key)?.Load(rows);
        await SettleAsync(cancellation).ConfigureAwait(false);
    }

    public Task RunAsync(CancellationToken cancellation) => _changes.RunAsync((_, token) => SettleAsync(token), _logger, cancellation);

    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        foreach (var users in _sets.Values)
            users.Forget();
        await SettleAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The file that an authenticator names is read with the next <see cref="SettleAsync"/>, be the settings the same.</summary>
    public void ReadFileAgain(string authenticator) => _bootstrap.Forget(authenticator);

    /// <summary>Completes when what the last change of the configuration means to users is done, and on disk.</summary>
    public async ValueTask SettleAsync(CancellationToken cancellation)
    {
        using var turn = await _settling.TakeAsync(cancellation).ConfigureAwait(false);
        foreach (var users in _sets.Values)
            await users.SettleAsync(cancellation).ConfigureAwait(false);
        foreach (var (id, entry) in Entries)
        {
            if (Of(id) is { } users && FormOf(entry) is { } form)
                await _bootstrap.ReadAsync(id, entry, form, users, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _settling.Dispose();
        foreach (var users in _sets.Values)
            users.Dispose();
    }

    private HashSet<string> Present() => [.. Entries.Select(static one => one.Id)];

    private void TakeOver()
    {
        var before = _present;
        _present = Present();
        foreach (var id in before.Except(_present))
        {
            Of(id)?.Forget();
            _bootstrap.Forget(id);
        }

        _changes.Add(true);
    }
}
