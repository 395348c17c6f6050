using Emqx.Broker.Access.Authn.BuiltIn;
using Emqx.Broker.Access.Authn.Scram;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>The users of authenticators in backups.</summary>
internal sealed class AuthnUserBackup(AuthnUsers users, AuthenticatorCatalogue catalogue) : BackupTable<StoredAuthnUser>("builtin_authn", BackupRows.Default.StoredAuthnUser), IBackupTable
{
    /// <summary>EMQX's name of the chain of all listeners: users of other chains are nobody here.</summary>
    private const string GlobalChain = "mqtt:global";

    public override IReadOnlyList<string> MnesiaTables => ["emqx_authn_mnesia", "emqx_authn_scram_mnesia"];

    public override ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation) => RestoreAsync(rows.Select(Read), cancellation);

    public override ValueTask ImportAsync(ErlangTerm.Tuple row, CancellationToken cancellation) => IsOfOtherChain(row) ? default : base.ImportAsync(row, cancellation);

    /// <summary>In one step: there may be very many.</summary>
    public async ValueTask<string?> ImportAllAsync(IReadOnlyList<ErlangTerm.Tuple> rows, CancellationToken cancellation)
    {
        var own = rows.Where(static row => !IsOfOtherChain(row)).ToArray();
        var read = Array.ConvertAll(own, FromMnesia);
        await RestoreAsync(read.OfType<StoredAuthnUser>(), cancellation).ConfigureAwait(false);
        return Array.Exists(read, static user => user is null) ? $"{Name}: unreadable row" : null;
    }

    protected override IEnumerable<StoredAuthnUser> Rows() => catalogue.Entries.SelectMany(type => users.Of(type.Id) is { } set ? set.Copy().Select(user => user.ToStored(type.Id)) : []);

    /// <summary>The chain of a user with a password is an atom; SCRAM's users have their authenticator's id, a text, in its place.</summary>
    protected override StoredAuthnUser? FromMnesia(ErlangTerm.Tuple row) => row.Items switch
    {
        [_, ErlangTerm.Tuple { Items: [_, { Text: { } id }] }, ErlangTerm.Binary hash, ErlangTerm.Binary salt, ErlangTerm.Atom isSuperuser] =>
            new(BuiltInDatabase.Type.Id, id, hash.Bytes, [], salt.Bytes, isSuperuser.Name == "true"),
        [_, ErlangTerm.Tuple { Items: [_, { Text: { } id }] }, ErlangTerm.Binary storedKey, ErlangTerm.Binary serverKey, ErlangTerm.Binary salt, ErlangTerm.Atom isSuperuser] =>
            new(ScramDatabase.Type.Id, id, storedKey.Bytes, serverKey.Bytes, salt.Bytes, isSuperuser.Name == "true"),
        _ => null,
    };

    protected override async ValueTask RestoreAsync(StoredAuthnUser row, CancellationToken cancellation) =>
        await Of(row.Authenticator).ImportAsync([AuthnUser.From(row)], overrides: true, cancellation).ConfigureAwait(false);

    private async ValueTask RestoreAsync(IEnumerable<StoredAuthnUser> rows, CancellationToken cancellation)
    {
        foreach (var some in rows.GroupBy(static row => row.Authenticator))
            await Of(some.Key).ImportAsync([.. some.Select(AuthnUser.From)], overrides: true, cancellation).ConfigureAwait(false);
    }

    private static bool IsOfOtherChain(ErlangTerm.Tuple row) => row.Items is [_, ErlangTerm.Tuple { Items: [ErlangTerm.Atom { Name: not GlobalChain }, _] }, ..];

    private AuthnUserSet Of(string authenticator) => users.Of(authenticator) ?? throw new InvalidDataException($"{Name}: {authenticator} has no users");
}
