using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Access.Http;

/// <summary>
/// The client's side of TLS, as its settings want it. It is made below what speaks HTTP, which would always ask for the host's name and never for the
/// one in the settings.
/// </summary>
internal static class ClientTls
{
    /// <summary>What connects to an address. Fails with <see cref="System.Security.Cryptography.CryptographicException"/> where a file is no certificate or key.</summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ConnectTo(AccessUrl url, ClientTlsSettings settings)
    {
        var options = OptionsOf(url.Host, settings);
        return (_, cancellation) => ConnectAsync(url, options, cancellation);
    }

    private static async ValueTask<Stream> ConnectAsync(AccessUrl url, SslClientAuthenticationOptions options, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, cancellation).ConfigureAwait(false);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The runtime's form of it. Fails as <see cref="ConnectTo"/> does.</summary>
    /// <param name="host">Of the address.</param>
    public static SslClientAuthenticationOptions OptionsOf(string host, ClientTlsSettings settings)
    {
        var tls = settings.Options;
        var roots = tls.CaCertFile is { } file ? TlsFiles.Certificates(file) : null;
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = TlsFiles.Protocols(tls.Versions),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CipherSuitesPolicy = TlsFiles.Suites(tls),
            TargetHost = settings.ServerName ?? host,
            RemoteCertificateValidationCallback = (_, certificate, sent, errors) => Accepts(settings, roots, certificate as X509Certificate2, sent, errors),
        };
        if (tls.CertFile is { } own)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(TlsFiles.Load(own, tls.KeyFile, tls.KeyPassword), TlsFiles.Certificates(own), offline: true);
        return options;
    }

    /// <summary>Whether the server is taken for what it says it is; by default it is not asked, as in EMQX.</summary>
    private static bool Accepts(ClientTlsSettings settings, X509Certificate2Collection? roots, X509Certificate2? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (!settings.Options.VerifyPeer)
            return true;
        var isNamed = settings.ServerName?.Length == 0 || (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
        return certificate is not null && isNamed && TlsFiles.IsTrusted(certificate, roots, sent, settings.Options.Depth);
    }
}
