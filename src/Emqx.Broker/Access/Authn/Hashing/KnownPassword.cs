using System.Globalization;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>What another system knows of a client.</summary>
/// <param name="Hash">Of its password; null where the system knows the client and has none.</param>
/// <param name="Salt">Empty for none.</param>
internal sealed record KnownPassword(byte[]? Hash, byte[] Salt, bool IsSuperuser)
{
    private static readonly AuthnGrant s_superuser = new() { IsSuperuser = true };

    /// <summary>
    /// What is said of a client by its password. Of one who is not known nothing, but as late as of others: nobody learns by the time of an
    /// answer who is known. Where the hashes of too many clients are due, the next one is to come again later.
    /// </summary>
    public static async ValueTask<AuthnVerdict> JudgeAsync(
        KnownPassword? known, ReadOnlyMemory<byte> password, PasswordAlgorithm algorithm, HashingThreads threads, CancellationToken cancellation)
    {
        bool isPassword;
        if (!algorithm.IsSlow)
            isPassword = IsPassword(known, password, algorithm);
        else if (threads.TryCompare(() => IsPassword(known, password, algorithm), cancellation) is { } compared)
            isPassword = await compared.ConfigureAwait(false);
        else
            return AuthnVerdict.Deny(ReasonCode.ServerUnavailable);
        return known switch
        {
            null => AuthnVerdict.Ignore,
            { Hash: null } => AuthnVerdict.Deny(ReasonCode.NotAuthorized),
            _ when !isPassword => AuthnVerdict.Deny(),
            { IsSuperuser: true } => AuthnVerdict.Allow(s_superuser),
            _ => AuthnVerdict.Allow(),
        };
    }

    /// <summary>EMQX's reading of <c>is_superuser</c> as text: a number from 1 on, or true.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("true"u8) || (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 1);

    private static bool IsPassword(KnownPassword? known, ReadOnlyMemory<byte> password, PasswordAlgorithm algorithm)
    {
        if (known?.Hash is { } hash)
            return algorithm.IsPassword(password.Span, hash, known.Salt);
        var decoy = algorithm.Decoy;
        return algorithm.IsPassword(password.Span, decoy.Hash, decoy.Salt);
    }
}
