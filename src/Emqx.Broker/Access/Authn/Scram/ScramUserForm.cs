using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>Users with the two keys that SCRAM makes of a password.</summary>
internal sealed class ScramUserForm : AuthnUserForm
{
    private const int SaltBytes = 16;

    public override async ValueTask<AuthnUser> MakeAsync(SettingsReader settings, NewAuthnUser user, HashingThreads threads, CancellationToken cancellation)
    {
        var keys = new ScramKeys(settings);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var (storedKey, serverKey) = await threads.RunAsync(() => keys.Derive(Encoding.UTF8.GetBytes(user.Password), salt), cancellation).ConfigureAwait(false);
        return new(user.UserId, user.IsSuperuser, storedKey, serverKey, salt);
    }
}
