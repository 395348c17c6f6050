using Emqx.Broker.Access.Http;
using Emqx.Broker.Settings;
using Emqx.Drivers.Sql;

namespace Emqx.Broker.Access.Sql;

/// <summary>How a database is reached.</summary>
/// <param name="PoolSize">Most connections, and most queries that are under way at a time.</param>
/// <param name="Patience">What an answer may take, waiting for its turn and connecting included.</param>
/// <param name="Tls">Null: without.</param>
/// <param name="Prepares">Whether queries are prepared.</param>
internal sealed record SqlBackendSettings(
    (string Host, int Port) Server, string Database, string Username, string Password, int PoolSize, TimeSpan Patience, ClientTlsSettings? Tls, bool Prepares)
{
    /// <summary>Its name in the log.</summary>
    public string Name => $"{Server.Host}:{Server.Port}/{Database}";

    /// <summary>The drivers' form of it. Fails with <see cref="System.Security.Cryptography.CryptographicException"/> where a file is no certificate or key.</summary>
    public SqlAddress ToAddress() =>
        new(Server.Host, Server.Port, Database, Username, Password, PoolSize, Patience, Tls is null ? null : ClientTls.OptionsOf(Server.Host, Tls), Prepares);
}
