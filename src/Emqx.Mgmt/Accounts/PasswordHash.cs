using System.Security.Cryptography;
using System.Text;

namespace Emqx.Mgmt.Accounts;

/// <summary>Hashes of dashboard passwords: PBKDF2 with SHA-256, slow on purpose.</summary>
internal static class PasswordHash
{
    public const int SaltSize = 16;

    /// <summary>Hashes a password.</summary>
    public static byte[] Of(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
}
