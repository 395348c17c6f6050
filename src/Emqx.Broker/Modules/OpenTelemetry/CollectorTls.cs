using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>Makes TLS options of the exporter's <c>ssl_options</c>.</summary>
internal static class CollectorTls
{
    /// <summary>Reads the files that are named.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is no certificate or key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SslClientAuthenticationOptions Of(ExporterTlsSettings settings, ConfigPaths paths, string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CipherSuitesPolicy = SuitesOf(settings),
            EnabledSslProtocols = ProtocolsOf(settings.Versions),
            RemoteCertificateValidationCallback = VerifierOf(settings, paths),
            TargetHost = settings.ServerName is { Length: > 0 } name ? name : host,
        };
        if (paths.ExpandFile(settings.CertFile) is { } file)
            options.ClientCertificates = new X509CertificateCollection { CertificateOf(file, paths.ExpandFile(settings.KeyFile), settings.Password) };
        return options;
    }

    private static X509Certificate2 CertificateOf(string file, string? keyFile, string password) => password.Length == 0
        ? X509Certificate2.CreateFromPemFile(file, keyFile)
        : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);

    private static SslProtocols ProtocolsOf(IReadOnlyList<string> versions)
    {
        var protocols = SslProtocols.None;
        if (versions.Contains("tlsv1.3"))
            protocols |= SslProtocols.Tls13;
        if (versions.Contains("tlsv1.2"))
            protocols |= SslProtocols.Tls12;
        return protocols == SslProtocols.None ? SslProtocols.Tls13 | SslProtocols.Tls12 : protocols; // a collector speaks HTTP/2, which older ones may not carry
    }

#pragma warning disable CA1416 // Where the system has no such choice its exception tells so; another choice would be a lie.
    private static CipherSuitesPolicy? SuitesOf(ExporterTlsSettings settings) =>
        settings.Ciphers.Count == 0 ? null : new CipherSuitesPolicy(TlsSuites.Of(settings.Ciphers, settings.Versions));
#pragma warning restore CA1416

    private static RemoteCertificateValidationCallback VerifierOf(ExporterTlsSettings settings, ConfigPaths paths)
    {
        if (!settings.VerifyPeer)
#pragma warning disable CA5359 // Whoever says verify_none wants just that.
            return static (_, _, _, _) => true;
#pragma warning restore CA5359
        var roots = new X509Certificate2Collection();
        if (paths.ExpandFile(settings.CaCertFile) is { } file)
            roots.ImportFromPemFile(file);
        var namesMatter = settings.ServerName is not "";
        return (_, certificate, received, errors) => certificate is X509Certificate2 peer
            && !(namesMatter && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) && IsTrusted(peer, received, roots, settings.Depth);
    }

    private static bool IsTrusted(X509Certificate2 peer, X509Chain? received, X509Certificate2Collection roots, int depth)
    {
        using var chain = new X509Chain();
        if (roots.Count > 0)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // a peer must not have the node fetch what it names
        if (received is not null)
            chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        return chain.Build(peer) && chain.ChainElements.Count - 2 <= depth;
    }
}
