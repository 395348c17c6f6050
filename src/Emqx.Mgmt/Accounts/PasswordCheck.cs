using System.Net;
using System.Security.Cryptography;

namespace Emqx.Mgmt.Accounts;

/// <summary>What came of a check of a password.</summary>
/// <param name="User">The user as found right; null where it was wrong, or was not looked at.</param>
/// <param name="Wait">More than zero: it was not looked at, and may be tried again after so long.</param>
internal readonly record struct PasswordVerdict(DashboardUser? User, TimeSpan Wait)
{
    public bool IsLookedAt => Wait == TimeSpan.Zero;
}

/// <summary>
/// Checks the passwords that strangers try. The gate comes first and last, for right ones too: whoever guesses too much learns nothing more. A password that
/// was right before costs next to nothing and waits for nobody; all others wait for their turn with the hasher.
/// </summary>
internal sealed class PasswordCheck(LoginGate gate, PasswordHasher hasher, DashboardUsers users)
{
    /// <summary>When to come again where too many wait.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    private readonly byte[] _noSalt = RandomNumberGenerator.GetBytes(PasswordHash.SaltSize);

    /// <summary>Whether the password is the user's. An unknown user takes as long as a wrong password.</summary>
    public async Task<PasswordVerdict> CheckAsync(IPAddress? address, string username, string password, CancellationToken cancellation)
    {
        var origin = LoginOrigin.Of(address);
        if (gate.WaitOf(origin) is var wait && wait > TimeSpan.Zero)
            return new(null, wait);
        var user = await users.FindAsync(username, cancellation);
        if (user is not null && users.IsProven(user, password))
            return new(user, TimeSpan.Zero);

        var hash = await hasher.HashAsync(new(origin, gate.FailuresOf(origin)), password, user?.Stored.PasswordSalt ?? _noSalt, user?.Stored.Iterations ?? hasher.Rounds, cancellation);
        if (hash is null)
            return new(null, s_soon);
        wait = gate.WaitOf(origin);
        if (wait > TimeSpan.Zero)
            return new(null, wait);
        if (user is null || !CryptographicOperations.FixedTimeEquals(hash, user.Stored.PasswordHash))
        {
            gate.NoteFailure(origin);
            return default;
        }

        return new(await users.ProveAsync(user, password, cancellation), TimeSpan.Zero);
    }
}
