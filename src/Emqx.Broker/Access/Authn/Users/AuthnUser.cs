using Emqx.Broker.Storage;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>A user of a database of users: what it shows itself by, in one block of bytes. It does not change.</summary>
internal sealed class AuthnUser(string id, bool isSuperuser, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> salt)
{
    private readonly byte[] _secret = [.. hash, .. serverKey, .. salt];
    private readonly int _hashLength = hash.Length;
    private readonly int _serverKeyLength = serverKey.Length;

    public string Id { get; } = id;

    public bool IsSuperuser { get; } = isSuperuser;

    /// <summary>Of a password, as text; of SCRAM the stored key.</summary>
    public ReadOnlySpan<byte> Hash => _secret.AsSpan(0, _hashLength);

    /// <summary>SCRAM's; empty where there is none.</summary>
    public ReadOnlySpan<byte> ServerKey => _secret.AsSpan(_hashLength, _serverKeyLength);

    public ReadOnlySpan<byte> Salt => _secret.AsSpan(_hashLength + _serverKeyLength);

    public static AuthnUser From(StoredAuthnUser row) => new(row.UserId, row.IsSuperuser, row.Hash, row.ServerKey, row.Salt);

    public AuthnUser WithSuperuser(bool isSuperuser) => isSuperuser == IsSuperuser ? this : new(Id, isSuperuser, Hash, ServerKey, Salt);

    /// <summary>Whether nothing would change if this took the other's place.</summary>
    public bool IsSame(AuthnUser other) => Id == other.Id && IsSuperuser == other.IsSuperuser
        && Hash.SequenceEqual(other.Hash) && ServerKey.SequenceEqual(other.ServerKey) && Salt.SequenceEqual(other.Salt);

    public StoredAuthnUser ToStored(string authenticator) => new(authenticator, Id, Hash.ToArray(), ServerKey.ToArray(), Salt.ToArray(), IsSuperuser);
}
