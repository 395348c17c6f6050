using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>Makes TLS options of a listener's ssl_options; the node's self-signed certificate stands in where none is configured.</summary>
internal sealed class TlsOptionsSource(INodeCertificate nodeCertificate)
{
    /// <summary>Like <see cref="Create"/>, off the caller's thread: the first certificate of a node takes a while to make.</summary>
    public async Task<SslServerAuthenticationOptions> CreateAsync(TlsSettings settings, CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        cancellation.ThrowIfCancellationRequested();
        return Create(settings);
    }

    /// <summary>Fails with <see cref="CryptographicException"/> where a file is no certificate or key, also one that is not needed: whoever names it wants it used.</summary>
    public SslServerAuthenticationOptions Create(TlsSettings settings)
    {
        if (settings is { CertFile: null, KeyFile: { } key })
            throw new CryptographicException($"{key} cannot be used: there is no certfile that it is the key of");
        var roots = settings.CaCertFile is { } file ? TlsFiles.Certificates(file) : [];
        var certificate = settings.CertFile is { } cert ? TlsFiles.Load(cert, settings.KeyFile, settings.KeyPassword) : nodeCertificate.Get();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, ChainOf(settings), offline: !settings.OcspStapling),
            EnabledSslProtocols = TlsFiles.Protocols(settings.Versions),
            ClientCertificateRequired = settings.VerifyPeer,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CipherSuitesPolicy = TlsFiles.Suites(settings),
        };
        if (settings.VerifyPeer)
            options.RemoteCertificateValidationCallback = Verifier(settings, roots);
        return options;
    }

    private static X509Certificate2Collection? ChainOf(TlsSettings settings)
    {
        if (settings.CertFile is not { } own)
            return null;
        var chain = TlsFiles.Certificates(own);
        if (settings is { OcspStapling: true, IssuerFile: { } issuer })
            chain.AddRange(TlsFiles.Certificates(issuer));
        return chain;
    }

    private static RemoteCertificateValidationCallback Verifier(TlsSettings settings, X509Certificate2Collection roots) => (_, certificate, received, _) =>
        certificate is X509Certificate2 peer ? TlsFiles.IsTrusted(peer, roots, received, settings.Depth) : !settings.FailIfNoPeerCert;
}

/// <summary>The certificate of a node that was given none.</summary>
internal interface INodeCertificate
{
    /// <summary>Reads it from the data folder, or makes it at the first call.</summary>
    X509Certificate2 Get();
}
