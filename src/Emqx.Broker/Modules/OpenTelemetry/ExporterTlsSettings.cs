namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The <c>ssl_options</c> of a way from here to another system. Files are PEM.</summary>
/// <param name="ServerName">Whom the other side has to be; null: the host of its address; empty: anybody.</param>
/// <param name="Depth">Most certificates between the other side's and a trusted one.</param>
internal sealed record ExporterTlsSettings(
    string CaCertFile, string CertFile, string KeyFile, string Password, bool VerifyPeer, string? ServerName,
    IReadOnlyList<string> Versions, IReadOnlyList<string> Ciphers, int Depth);
