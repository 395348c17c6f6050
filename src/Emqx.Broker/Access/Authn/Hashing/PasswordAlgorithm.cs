using System.Security.Cryptography;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>How passwords are hashed and compared: EMQX's <c>password_hash_algorithm</c>. Any number of threads use one at once.</summary>
internal abstract class PasswordAlgorithm
{
    private PasswordHash? _decoy;

    /// <summary>A hash takes milliseconds, on purpose: <see cref="HashingThreads"/> make it.</summary>
    public abstract bool IsSlow { get; }

    /// <summary>A hash of a password that nobody knows: a comparison with it takes as long as one with a user's.</summary>
    public PasswordHash Decoy => _decoy ??= Hash(HashText.Hex(RandomNumberGenerator.GetBytes(16)));

    /// <summary>The algorithm that checked settings name.</summary>
    /// <exception cref="NotSupportedException">EMQX takes the settings too, and cannot hash by them.</exception>
    public static PasswordAlgorithm Of(SettingsReader settings) => settings.Text("name") switch
    {
        "bcrypt" => new BcryptHash(settings.Int("salt_rounds") is > 0 and var rounds ? rounds : PasswordHashKind.MostRounds),
        "pbkdf2" => new Pbkdf2Hash(settings.Text("mac_fun"), settings.Int("iterations"), settings.Int("dk_length")),
        var name => new SimpleHash(name, settings.Text("salt_position")),
    };

    /// <summary>Hashes a password with a salt of its own.</summary>
    public abstract PasswordHash Hash(ReadOnlySpan<byte> password);

    /// <summary>Whether it is the password of a hash. Takes the same time whether it is or not.</summary>
    public abstract bool IsPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> salt);
}
