namespace Emqx.Broker.Storage;

/// <summary>Keeps the users of authenticators. A completed task means that the change is on disk.</summary>
internal interface IAuthnUserStore
{
    /// <summary>The users of all authenticators.</summary>
    ValueTask<IReadOnlyList<StoredAuthnUser>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds users in one step, or replaces those of the same authenticators and ids.</summary>
    ValueTask SaveAsync(IReadOnlyCollection<StoredAuthnUser> users, CancellationToken cancellation);

    /// <summary>Removes a user; none: nothing.</summary>
    ValueTask DeleteAsync(string authenticator, string userId, CancellationToken cancellation);

    /// <summary>Removes the users of an authenticator.</summary>
    ValueTask ClearAsync(string authenticator, CancellationToken cancellation);
}

/// <summary>A user as it is kept.</summary>
/// <param name="Authenticator">The id of whose user it is.</param>
/// <param name="Hash">Of a password, as text; of SCRAM the stored key.</param>
/// <param name="ServerKey">SCRAM's; empty where there is none.</param>
/// <param name="Salt">Empty where there is none.</param>
internal sealed record StoredAuthnUser(string Authenticator, string UserId, byte[] Hash, byte[] ServerKey, byte[] Salt, bool IsSuperuser);
