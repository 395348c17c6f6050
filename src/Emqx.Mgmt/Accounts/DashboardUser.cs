using Emqx.Broker.Storage;

namespace Emqx.Mgmt.Accounts;

/// <summary>A dashboard user in memory, with a keyed hash of the password that was found right, so that the next login is quick. That never leaves memory.</summary>
internal sealed class DashboardUser(StoredUser stored)
{
    private volatile byte[]? _proof;

    public StoredUser Stored => stored;

    public byte[]? Proof
    {
        get => _proof;
        set => _proof = value;
    }

    /// <summary>The other has the same password, hashed at the same time.</summary>
    public bool HasPasswordOf(DashboardUser other) => ReferenceEquals(stored.PasswordHash, other.Stored.PasswordHash);
}
