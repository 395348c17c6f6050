using System.Security.Cryptography;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Mgmt.Accounts;

/// <summary>The dashboard's users in backups: of passwords their salted hashes. Tokens are not kept.</summary>
internal sealed class UserBackup(DashboardUsers users, TimeProvider time) : BackupTable<StoredUser>("dashboard_users", BackupRows.Default.StoredUser)
{
    /// <summary>A hash of more rounds would keep the one thread that checks passwords.</summary>
    private const int MostIterations = 2_000_000;

    protected override IEnumerable<StoredUser> Rows() => users.All;

    public override IReadOnlyList<string> MnesiaTables => ["emqx_admin"];

    // Users of single sign-on have a pair for a name, and no password.
    protected override StoredUser? FromMnesia(ErlangTerm.Tuple row) =>
        row.Items is [_, { Text: { } name }, ErlangTerm.Binary hash, { Text: { } description }, ..] && AccountRows.TryTakeApart(hash.Bytes, out var salt, out var password)
            ? new(name, description, salt, password, PasswordHash.OfEmqx, time.GetUtcNow().ToUnixTimeSeconds())
            : null;

    protected override ValueTask RestoreAsync(StoredUser row, CancellationToken cancellation)
    {
        if (row.Username.Length == 0 || row.PasswordHash.Length != SHA256.HashSizeInBytes || row.PasswordSalt.Length > AccountRows.LongestSalt
            || row.Iterations is < PasswordHash.OfEmqx or > MostIterations)
            throw new InvalidDataException($"{Name}: unreadable row");
        return new(users.RestoreAsync(row, cancellation));
    }
}

/// <summary>Bounds of accounts that come from a file.</summary>
internal static class AccountRows
{
    /// <summary>Bytes.</summary>
    public const int LongestSalt = 64;

    private const int SaltOfEmqx = 4;

    /// <summary>EMQX's hash: four bytes of salt, and SHA-256 over it and the secret.</summary>
    public static bool TryTakeApart(byte[] salted, out byte[] salt, out byte[] hash)
    {
        (salt, hash) = (salted[..Math.Min(SaltOfEmqx, salted.Length)], salted[Math.Min(SaltOfEmqx, salted.Length)..]);
        return hash.Length == SHA256.HashSizeInBytes;
    }
}
