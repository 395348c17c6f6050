using System.Security.Cryptography;
using System.Text;

namespace Emqx.Mgmt.Accounts;

/// <summary>Hashes of dashboard passwords: PBKDF2 with SHA-256, slow on purpose.</summary>
internal static class PasswordHash
{
    public const int SaltSize = 16;

    /// <summary>In place of rounds: one SHA-256 over salt and password, as EMQX keeps passwords. Nobody makes these here; they come with backups, and go with the next login.</summary>
    public const int OfEmqx = 0;

    /// <summary>Hashes a password.</summary>
    public static byte[] Of(string password, byte[] salt, int iterations) => iterations == OfEmqx
        ? SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])
        : Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
}
