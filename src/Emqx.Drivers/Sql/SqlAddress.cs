using System.Net.Security;

namespace Emqx.Drivers.Sql;

/// <summary>How a database is reached.</summary>
/// <param name="PoolSize">Connections at most.</param>
/// <param name="Patience">How long connecting may take.</param>
/// <param name="Tls">Null: without.</param>
/// <param name="Prepares">Whether statements are prepared in each connection, which what stands between may not bear.</param>
internal sealed record SqlAddress(
    string Host, int Port, string Database, string Username, string Password, int PoolSize, TimeSpan Patience, SslClientAuthenticationOptions? Tls, bool Prepares);
