using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>Finds the users that a question or a change is about, by their authenticator.</summary>
internal sealed class LocalAuthnUsers(AuthnUsers all, HashingThreads threads) : IAuthnUserDirectory, IAuthnUserControl
{
    public ValueTask<AuthnUserAnswer<AuthnUserPage>> ListAsync(string authenticator, AuthnUserFilter filter, long skip, int limit, CancellationToken cancellation) =>
        new(Find(authenticator, out var place) is { } missing ? new(missing) : new AuthnUserAnswer<AuthnUserPage>(AuthnUserResult.Done, place.Users.List(filter, skip, limit)));

    public ValueTask<AuthnUserAnswer<AuthnUserFacts>> FindAsync(string authenticator, string userId, CancellationToken cancellation) =>
        new(Find(authenticator, out var place) is { } missing ? new(missing) : Told(place.Users.Find(userId)));

    public async ValueTask<AuthnUserAnswer<AuthnUserFacts>> AddAsync(string authenticator, NewAuthnUser user, CancellationToken cancellation)
    {
        if (user.UserId.Length == 0)
            return new(AuthnUserResult.InvalidUserId);
        if (Find(authenticator, out var place) is { } missing)
            return new(missing);
        if (place.Users.Find(user.UserId) is not null)
            return new(AuthnUserResult.Exists);
        try
        {
            var made = await place.Form.MakeAsync(place.Settings, user, threads, cancellation).ConfigureAwait(false);
            return await place.Users.TryAddAsync(made, cancellation).ConfigureAwait(false) ? Told(made) : new(AuthnUserResult.Exists);
        }
        catch (NotSupportedException error)
        {
            return new(AuthnUserResult.Refused, null, error.Message);
        }
    }

    public async ValueTask<AuthnUserAnswer<AuthnUserFacts>> UpdateAsync(string authenticator, string userId, string password, bool? isSuperuser,
        CancellationToken cancellation)
    {
        if (Find(authenticator, out var place) is { } missing)
            return new(missing);
        if (place.Users.Find(userId) is null)
            return new(AuthnUserResult.NoUser);
        try
        {
            var made = await place.Form.MakeAsync(place.Settings, new NewAuthnUser(userId, password, isSuperuser ?? false), threads, cancellation).ConfigureAwait(false);
            return Told(await place.Users.ReplaceAsync(userId, present => made.WithSuperuser(isSuperuser ?? present.IsSuperuser), cancellation).ConfigureAwait(false));
        }
        catch (NotSupportedException error)
        {
            return new(AuthnUserResult.Refused, null, error.Message);
        }
    }

    public async ValueTask<AuthnUserAnswer<AuthnUserFacts>> DeleteAsync(string authenticator, string userId, CancellationToken cancellation) =>
        Find(authenticator, out var place) is { } missing
            ? new(missing)
            : Told(await place.Users.DeleteAsync(userId, cancellation).ConfigureAwait(false));

    public async ValueTask<AuthnUserAnswer<AuthnImportCount>> ImportAsync(string authenticator, UserFile file, CancellationToken cancellation)
    {
        if (Find(authenticator, out var place) is { } missing)
            return new(missing);
        if (!place.Form.TakesFiles)
            return new(AuthnUserResult.Unsupported);
        try
        {
            var made = await place.Form.MakeAsync(place.Settings, file, threads, cancellation).ConfigureAwait(false);
            return new(AuthnUserResult.Done, await place.Users.ImportAsync(made, overrides: true, cancellation).ConfigureAwait(false));
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            return new(AuthnUserResult.Refused, null, error.Message);
        }
    }

    private static AuthnUserAnswer<AuthnUserFacts> Told(AuthnUser? user) => user is null ? new(AuthnUserResult.NoUser) : new(AuthnUserResult.Done, AuthnUserFacts.Of(user));

    /// <summary>Where an authenticator's users are; not null: why they are nowhere.</summary>
    private AuthnUserResult? Find(string authenticator, out Place place)
    {
        place = default;
        var entries = all.Entries;
        if (entries.Count == 0)
            return AuthnUserResult.NoChain;
        if (entries.FirstOrDefault(one => one.Id == authenticator).Entry is not { } entry)
            return AuthnUserResult.NoAuthenticator;
        if (all.Of(authenticator) is not { } users || all.FormOf(entry) is not { } form)
            return AuthnUserResult.Unsupported;
        place = new(users, form, new SettingsReader(entry));
        return null;
    }

    private readonly record struct Place(AuthnUserSet Users, AuthnUserForm Form, SettingsReader Settings);
}
