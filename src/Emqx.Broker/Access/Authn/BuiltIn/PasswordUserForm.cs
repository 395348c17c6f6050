using System.Text;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.BuiltIn;

/// <summary>Users with a password, of which a hash is kept.</summary>
internal sealed class PasswordUserForm : AuthnUserForm
{
    public override bool TakesFiles => true;

    public override (string Name, UserFileType Type)? FileOf(SettingsReader settings) => settings.Text(BuiltInDatabase.BootstrapFile) is { Length: > 0 } name
        ? (name, settings.Text(BuiltInDatabase.BootstrapType) == "hash" ? UserFileType.Hash : UserFileType.Plain)
        : null;

    public override ValueTask<AuthnUser> MakeAsync(SettingsReader settings, NewAuthnUser user, HashingThreads threads, CancellationToken cancellation) =>
        MakeAsync(AlgorithmOf(settings), user, threads, cancellation);

    public override async ValueTask<IReadOnlyList<AuthnUser>> MakeAsync(SettingsReader settings, UserFile file, HashingThreads threads, CancellationToken cancellation)
    {
        var algorithm = AlgorithmOf(settings);
        var rows = UserRows.Read(file);
        var users = new List<AuthnUser>(rows.Count);
        foreach (var row in rows)
        {
            users.Add(file.Type == UserFileType.Plain
                ? await MakeAsync(algorithm, new(row.UserId!, row.Password!, row.IsSuperuser), threads, cancellation).ConfigureAwait(false)
                : new(row.UserId!, row.IsSuperuser, Encoding.UTF8.GetBytes(row.PasswordHash!), [], Encoding.UTF8.GetBytes(row.Salt ?? "")));
        }

        return users;
    }

    private static async ValueTask<AuthnUser> MakeAsync(PasswordAlgorithm algorithm, NewAuthnUser user, HashingThreads threads, CancellationToken cancellation)
    {
        var password = Encoding.UTF8.GetBytes(user.Password);
        var kept = algorithm.IsSlow
            ? await threads.RunAsync(() => algorithm.Hash(password), cancellation).ConfigureAwait(false)
            : algorithm.Hash(password);
        return new(user.UserId, user.IsSuperuser, kept.Hash, [], kept.Salt);
    }

    private static PasswordAlgorithm AlgorithmOf(SettingsReader settings) => PasswordAlgorithm.Of(settings.Part(BuiltInDatabase.Algorithm));
}
