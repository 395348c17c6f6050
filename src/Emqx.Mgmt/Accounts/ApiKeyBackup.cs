using System.Security.Cryptography;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Mgmt.Accounts;

/// <summary>The API keys in backups: of secrets their salted hashes.</summary>
internal sealed class ApiKeyBackup(ApiKeyRing keys) : BackupTable<StoredApiKey>("api_keys", BackupRows.Default.StoredApiKey)
{
    protected override IEnumerable<StoredApiKey> Rows() => keys.All.Select(static key => key.Stored);

    public override IReadOnlyList<string> MnesiaTables => ["emqx_app"];

    // Of a secret EMQX keeps what is kept here: SHA-256 over salt and secret, behind the salt.
    protected override StoredApiKey? FromMnesia(ErlangTerm.Tuple row) =>
        row.Items is [_, { Text: { } name }, { Text: { } key }, ErlangTerm.Binary hash, ErlangTerm.Atom enable, var extra, var expiredAt, ErlangTerm.Integer createdAt]
        && AccountRows.TryTakeApart(hash.Bytes, out var salt, out var secret)
            ? new(name, key, salt, secret, extra.Text ?? (extra as ErlangTerm.Map)?["desc"]?.Text ?? "", enable.Name == "true",
                (expiredAt as ErlangTerm.Integer)?.Value, createdAt.Value, FromBootstrap: name.StartsWith("from_bootstrap_file_", StringComparison.Ordinal))
            : null;

    protected override async ValueTask RestoreAsync(StoredApiKey row, CancellationToken cancellation)
    {
        if (row.Name.Length == 0 || row.Key.Length == 0 || row.SecretHash.Length != SHA256.HashSizeInBytes || row.SecretSalt.Length > AccountRows.LongestSalt)
            throw new InvalidDataException($"{Name}: unreadable row");
        if (!await keys.RestoreAsync(row, cancellation))
            throw new InvalidDataException($"{Name}: no more than {ApiKeyRing.MostKeys} keys");
    }
}
