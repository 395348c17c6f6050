using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.BuiltIn;

/// <summary>
/// Lets in who has the password of a user in memory, and knows nothing of others. An unknown user's password is compared, too: nobody learns by
/// the time of an answer who is known.
/// </summary>
internal sealed class BuiltInAuthenticator(SettingsReader settings, AuthnUserSet users, HashingThreads threads) : IAuthenticator
{
    private static readonly AuthnGrant s_superuser = new() { IsSuperuser = true };

    private readonly bool _isByClientId = settings.Text(BuiltInDatabase.UserIdType) == "clientid";
    private readonly PasswordAlgorithm _algorithm = PasswordAlgorithm.Of(settings.Part(BuiltInDatabase.Algorithm));

    public ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (credential.Method is not null)
            return new(AuthnVerdict.Ignore);
        if (!credential.HasPassword)
            return new(AuthnVerdict.Deny());
        var id = _isByClientId ? credential.Client.ClientId : credential.Client.Username;
        var user = id is null ? null : users.Find(id);
        return _algorithm.IsSlow
            ? CompareAsync(user, credential.Password, cancellation)
            : new(Verdict(user, IsPassword(user, credential.Password)));
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Where the hashes of too many clients are due, the next one is to come again later.</summary>
    private async ValueTask<AuthnVerdict> CompareAsync(AuthnUser? user, ReadOnlyMemory<byte> password, CancellationToken cancellation) =>
        threads.TryCompare(() => IsPassword(user, password), cancellation) is { } compared
            ? Verdict(user, await compared.ConfigureAwait(false))
            : AuthnVerdict.Deny(ReasonCode.ServerUnavailable);

    private bool IsPassword(AuthnUser? user, ReadOnlyMemory<byte> password)
    {
        if (user is not null)
            return _algorithm.IsPassword(password.Span, user.Hash, user.Salt);
        var decoy = _algorithm.Decoy;
        return _algorithm.IsPassword(password.Span, decoy.Hash, decoy.Salt);
    }

    private static AuthnVerdict Verdict(AuthnUser? user, bool isPassword) => user switch
    {
        null => AuthnVerdict.Ignore,
        { IsSuperuser: true } when isPassword => AuthnVerdict.Allow(s_superuser),
        _ => isPassword ? AuthnVerdict.Allow() : AuthnVerdict.Deny(),
    };
}
