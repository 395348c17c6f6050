using System.Net.Security;
using System.Security.Authentication;
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
        var roots = settings.CaCertFile is { } file ? Certificates(file) : [];
        var certificate = settings.CertFile is { } cert ? Load(cert, settings.KeyFile, settings.KeyPassword) : nodeCertificate.Get();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, Chain(settings.CertFile), offline: true),
            EnabledSslProtocols = Protocols(settings.Versions),
            ClientCertificateRequired = settings.VerifyPeer,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CipherSuitesPolicy = Suites(settings),
        };
        if (settings.VerifyPeer)
            options.RemoteCertificateValidationCallback = Verifier(settings, roots);
        return options;
    }

    private static X509Certificate2 Load(string certFile, string? keyFile, string? password) =>
        Named(keyFile is null || keyFile == certFile ? certFile : $"{certFile} with key {keyFile}", () => password is null
            ? X509Certificate2.CreateFromPemFile(certFile, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(certFile, password, keyFile));

    private static X509Certificate2Collection? Chain(string? certFile) => certFile is null ? null : Certificates(certFile);

    private static X509Certificate2Collection Certificates(string file) => Named(file, () =>
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        return all.Count > 0 ? all : throw new CryptographicException("no certificate in it");
    });

    /// <summary>Whatever is wrong with a file is told with its name, on one line.</summary>
    private static T Named<T>(string files, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CryptographicException($"{files} cannot be used: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static SslProtocols Protocols(IReadOnlyList<string> versions)
    {
        var protocols = SslProtocols.None;
        if (versions.Contains("tlsv1.3"))
            protocols |= SslProtocols.Tls13;
        if (versions.Contains("tlsv1.2"))
            protocols |= SslProtocols.Tls12;
#pragma warning disable CS0618, SYSLIB0039, CA5397 // Whoever configures the old versions wants them; the system's policy has the last word.
        if (versions.Contains("tlsv1.1"))
            protocols |= SslProtocols.Tls11;
        if (versions.Contains("tlsv1"))
            protocols |= SslProtocols.Tls;
#pragma warning restore CS0618, SYSLIB0039, CA5397
        return versions.Count == 0 ? SslProtocols.Tls13 | SslProtocols.Tls12 : protocols;
    }

    /// <summary>Null, where none are named: with a policy of its own the runtime keeps no TLS sessions.</summary>
#pragma warning disable CA1416 // Where the system has no such choice its exception tells so; another choice would be a lie.
    private static CipherSuitesPolicy? Suites(TlsSettings settings) =>
        settings.Ciphers.Count == 0 ? null : new CipherSuitesPolicy(TlsSuites.Of(settings.Ciphers, settings.Versions));
#pragma warning restore CA1416

    private static RemoteCertificateValidationCallback Verifier(TlsSettings settings, X509Certificate2Collection roots)
    {
        return (_, certificate, received, _) =>
        {
            if (certificate is not X509Certificate2 peer)
                return !settings.FailIfNoPeerCert;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true; // a peer must not have the node fetch what it names
            if (received is not null)
                chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
            return chain.Build(peer) && chain.ChainElements.Count - 2 <= settings.Depth;
        };
    }
}

/// <summary>The certificate of a node that was given none.</summary>
internal interface INodeCertificate
{
    /// <summary>Reads it from the data folder, or makes it at the first call.</summary>
    X509Certificate2 Get();
}
