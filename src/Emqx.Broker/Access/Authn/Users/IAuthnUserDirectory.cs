namespace Emqx.Broker.Access.Authn.Users;

/// <summary>The users of the authenticators that have users, by the authenticator's id.</summary>
internal interface IAuthnUserDirectory
{
    /// <summary>A page of the users that the filter selects, the last id first.</summary>
    ValueTask<AuthnUserAnswer<AuthnUserPage>> ListAsync(string authenticator, AuthnUserFilter filter, long skip, int limit, CancellationToken cancellation);

    /// <summary>One user.</summary>
    ValueTask<AuthnUserAnswer<AuthnUserFacts>> FindAsync(string authenticator, string userId, CancellationToken cancellation);
}

/// <summary>Adds, changes and removes users. What has been answered is on disk; who is connected stays.</summary>
internal interface IAuthnUserControl
{
    ValueTask<AuthnUserAnswer<AuthnUserFacts>> AddAsync(string authenticator, NewAuthnUser user, CancellationToken cancellation);

    /// <summary>Gives a user another password.</summary>
    /// <param name="isSuperuser">Null leaves it as it is.</param>
    ValueTask<AuthnUserAnswer<AuthnUserFacts>> UpdateAsync(string authenticator, string userId, string password, bool? isSuperuser, CancellationToken cancellation);

    ValueTask<AuthnUserAnswer<AuthnUserFacts>> DeleteAsync(string authenticator, string userId, CancellationToken cancellation);

    /// <summary>Takes over all users of a file, or none of them; who is there already is replaced.</summary>
    ValueTask<AuthnUserAnswer<AuthnImportCount>> ImportAsync(string authenticator, UserFile file, CancellationToken cancellation);
}

/// <summary>What became of a question or a change.</summary>
internal enum AuthnUserResult
{
    Done,

    /// <summary>There is no authenticator at all.</summary>
    NoChain,

    /// <summary>There is no authenticator of that id.</summary>
    NoAuthenticator,

    /// <summary>The authenticator has no users, or none that could be imported.</summary>
    Unsupported,

    /// <summary>There is no such user.</summary>
    NoUser,

    /// <summary>There is such a user already.</summary>
    Exists,

    /// <summary>Users have ids of one character at least.</summary>
    InvalidUserId,

    /// <summary>It could not be done; the reason says why.</summary>
    Refused,
}

/// <param name="Reason">Of a refusal, for people.</param>
internal readonly record struct AuthnUserAnswer<T>(AuthnUserResult Result, T? Value = null, string Reason = "") where T : class;

/// <summary>What may be told of a user.</summary>
internal sealed record AuthnUserFacts(string UserId, bool IsSuperuser)
{
    public static AuthnUserFacts Of(AuthnUser user) => new(user.Id, user.IsSuperuser);
}

/// <summary>A user to be made.</summary>
internal sealed record NewAuthnUser(string UserId, string Password, bool IsSuperuser);

/// <param name="Count">All that the filter selects; null where that was not counted.</param>
/// <param name="HasNext">Whether another page follows.</param>
internal sealed record AuthnUserPage(IReadOnlyList<AuthnUserFacts> Users, long? Count, bool HasNext);

/// <summary>What has become of the rows of a file.</summary>
/// <param name="Success">New users.</param>
/// <param name="Override">Users that were there and are replaced.</param>
/// <param name="Skipped">Users that were there just so.</param>
/// <param name="Failed">Users that were there and stay as they are.</param>
internal sealed record AuthnImportCount(int Total, int Success, int Override, int Skipped, int Failed);
