using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Emqx.Broker.Settings;

/// <summary>
/// What TLS settings name, in the runtime's terms: files, or their texts. What is wrong with one is a <see cref="CryptographicException"/> with its
/// name, on one line.
/// </summary>
internal static class TlsFiles
{
    private const string PemBegin = "-----BEGIN";

    /// <summary>A certificate with its key.</summary>
    public static X509Certificate2 Load(string certFile, string? keyFile, string? password) =>
        Named(keyFile is null || keyFile == certFile ? NameOf(certFile) : $"{NameOf(certFile)} with key {NameOf(keyFile)}", () => password is null
            ? X509Certificate2.CreateFromPem(TextOf(certFile), TextOf(keyFile ?? certFile))
            : X509Certificate2.CreateFromEncryptedPem(TextOf(certFile), TextOf(keyFile ?? certFile), password));

    /// <summary>All certificates in a file.</summary>
    public static X509Certificate2Collection Certificates(string file) => Named(NameOf(file), () =>
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(TextOf(file));
        return all.Count > 0 ? all : throw new CryptographicException("no certificate in it");
    });

    public static SslProtocols Protocols(IReadOnlyList<string> versions)
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
    public static CipherSuitesPolicy? Suites(TlsSettings settings) =>
        settings.Ciphers.Count == 0 ? null : new CipherSuitesPolicy(TlsSuites.Of(settings.Ciphers, settings.Versions));
#pragma warning restore CA1416

    /// <summary>Whether a peer's certificate goes back to one that is trusted.</summary>
    /// <param name="roots">Whom to trust; null: whom the system trusts.</param>
    /// <param name="sent">What else the peer has sent.</param>
    /// <param name="depth">Most certificates between the two.</param>
    public static bool IsTrusted(X509Certificate2 peer, X509Certificate2Collection? roots, X509Chain? sent, int depth)
    {
        using var chain = new X509Chain();
        if (roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // a peer must not have the node fetch what it names
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(peer) && chain.ChainElements.Count - 2 <= depth;
    }

    private static string TextOf(string file) => IsText(file) ? file : File.ReadAllText(file);

    private static string NameOf(string file) => IsText(file) ? "a PEM text" : file;

    private static bool IsText(string file) => file.Contains(PemBegin, StringComparison.Ordinal);

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
}
