using System.Security.Cryptography;
using System.Text;

namespace Emqx.Mgmt.Accounts;

/// <summary>Makes API keys from the bootstrap file: <c>key:secret[:role]</c> a line; the first bad line ends the reading.</summary>
internal sealed class ApiKeyBootstrap(ApiKeyRing keys, ILogger<ApiKeyBootstrap> log)
{
    private const string OnlyRole = "administrator";

    /// <summary>Reads the file, where one is named. Whatever is wrong with it is logged.</summary>
    public async Task LoadAsync(string file, CancellationToken cancellation)
    {
        if (file.Length == 0)
            return;
        try
        {
            var number = 0;
            await foreach (var line in File.ReadLinesAsync(file, cancellation))
            {
                number++;
                var text = line.Trim();
                if (text.Length == 0)
                    continue;
                if (Wrong(text) is { } reason)
                {
                    SecurityLog.BootstrapLineRefused(log, file, number, reason);
                    return;
                }

                var parts = text.Split(':', 3);
                await keys.BootstrapAsync(NameOf(parts[0]), parts[0], parts[1], cancellation);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            SecurityLog.BootstrapFileUnreadable(log, file, error.Message);
        }
    }

    private static string? Wrong(string line)
    {
        var parts = line.Split(':', 3);
        if (parts.Length < 2)
            return "invalid_format";
        return parts.Length == 3 && parts[2] != OnlyRole ? "invalid_role" : null;
    }

    private static string NameOf(string key) =>
        $"from_bootstrap_file_{Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8))}";
}
