using Emqx.Broker.Settings;

namespace Emqx.Broker.Access.Http;

/// <summary>How a service is reached.</summary>
/// <param name="PoolSize">Most requests that are under way at a time.</param>
/// <param name="RequestTimeout">What an answer may take, waiting for its turn and connecting included.</param>
/// <param name="LongestAnswer">Bytes of a body; a longer one counts as none.</param>
internal sealed record HttpBackendSettings(AccessUrl Url, int PoolSize, TimeSpan ConnectTimeout, TimeSpan RequestTimeout, int LongestAnswer, ClientTlsSettings Tls);
