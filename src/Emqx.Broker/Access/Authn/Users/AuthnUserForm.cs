using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>How the users of an authenticator's type show who they are, and what is kept of them.</summary>
internal abstract class AuthnUserForm
{
    /// <summary>Whether users come from files, too.</summary>
    public virtual bool TakesFiles => false;

    /// <summary>The file from which the settings have users taken over when the authenticator is made; null for none.</summary>
    public virtual (string Name, UserFileType Type)? FileOf(SettingsReader settings) => null;

    /// <summary>Makes a user with a password.</summary>
    /// <param name="settings">Of the authenticator.</param>
    /// <exception cref="NotSupportedException">By these settings nothing can be hashed.</exception>
    public abstract ValueTask<AuthnUser> MakeAsync(SettingsReader settings, NewAuthnUser user, HashingThreads threads, CancellationToken cancellation);

    /// <summary>Makes the users of a file.</summary>
    /// <exception cref="InvalidDataException">A row is not as it should be; the message says which, and why.</exception>
    /// <exception cref="NotSupportedException">By these settings nothing can be hashed.</exception>
    public virtual ValueTask<IReadOnlyList<AuthnUser>> MakeAsync(SettingsReader settings, UserFile file, HashingThreads threads, CancellationToken cancellation) =>
        throw new NotSupportedException("users do not come from files");
}
