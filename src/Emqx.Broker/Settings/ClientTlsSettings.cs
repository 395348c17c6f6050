namespace Emqx.Broker.Settings;

/// <summary>The <c>ssl</c> part of what connects to another system; it counts where the address asks for TLS.</summary>
/// <param name="Options">Own certificate, whom to trust, versions and ciphers.</param>
/// <param name="ServerName">The name that is asked for and looked for in the certificate; null: the host's; empty: none.</param>
internal sealed record ClientTlsSettings(TlsSettings Options, string? ServerName);
