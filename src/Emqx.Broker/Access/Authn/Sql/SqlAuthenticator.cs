using Emqx.Broker.Access.Authn.Grants;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Sql;
using Emqx.Drivers.Sql;

namespace Emqx.Broker.Access.Authn.Sql;

/// <summary>
/// Asks a database for the user of a client, and compares the password here. Users that it does not have, and queries that it does not answer, say nothing: the next
/// authenticator is asked.
/// </summary>
internal sealed class SqlAuthenticator(SqlBackend backend, SqlTemplate query, PasswordAlgorithm algorithm, HashingThreads threads) : IAuthenticator, IBackedEntry
{
    private const string Hash = "password_hash", PlainHash = "password", Salt = "salt", IsSuperuser = "is_superuser";

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (credential.Method is not null)
            return AuthnVerdict.Ignore;
        if (!credential.HasPassword)
            return AuthnVerdict.Deny();
        var rows = await backend.AskAsync(query, new(credential.Client, credential.Password), cancellation).ConfigureAwait(false);
        if (rows is null)
            return AuthnVerdict.Ignore;
        return await KnownPassword.JudgeAsync(KnownOf(rows), credential.Password, algorithm, threads, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    /// <summary>The first row says it; null where there is none.</summary>
    private static KnownPassword? KnownOf(SqlRows rows) => rows.Rows.Count == 0 ? null : new(
        SqlValues.FindBytes(rows, 0, Hash) ?? SqlValues.FindBytes(rows, 0, PlainHash),
        SqlValues.FindBytes(rows, 0, Salt) ?? [],
        GrantReader.IsSuperuser(SqlValues.Find(rows, 0, IsSuperuser)));
}
