using System.Net.Security;

namespace Emqx.Drivers.Redis;

/// <summary>How Redis is reached.</summary>
/// <param name="Servers">Of a single one the first counts; else they are where one begins to ask.</param>
/// <param name="Sentinel">The name of who is asked, as sentinels know it; null for other forms.</param>
/// <param name="Database">Its number; clusters have but 0.</param>
/// <param name="Patience">How long connecting, and how long an answer may take.</param>
internal sealed record RedisAddress(RedisForm Form, IReadOnlyList<(string Host, int Port)> Servers, string? Sentinel, int Database, TimeSpan Patience)
{
    /// <summary>Null: the default user.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>TLS by the host that is connected to; null: without.</summary>
    public Func<string, SslClientAuthenticationOptions>? Tls { get; init; }
}
