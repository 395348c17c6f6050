using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Listeners;

/// <summary>
/// The certificate of TLS listeners that were given none: EC P-256, for localhost, made on first use and kept in the data
/// folder, so that clients that have learnt to trust it still do after a restart.
/// </summary>
internal static class SelfSignedCertificate
{
    private const string FileName = "self-signed.pem";

    /// <summary>The certificate in the folder; made where there is none, where it has expired or cannot be read.</summary>
    /// <param name="folder">Holds one file with certificate and key, readable by its owner only; null: nothing is kept.</param>
    public static X509Certificate2 GetOrCreate(string? folder, DateTimeOffset now)
    {
        var path = folder is null ? null : Path.Combine(folder, FileName);
        if (path is not null && TryRead(path, now) is { } kept)
            return kept;
        var made = Create(now);
        if (path is not null)
            Write(path, made);
        return made;
    }

    private static X509Certificate2? TryRead(string path, DateTimeOffset now)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var kept = X509Certificate2.CreateFromPemFile(path, path);
            if (now < kept.NotAfter)
                return kept;
            kept.Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Half a file, or something else of that name: made anew.
        }

        return null;
    }

    private static X509Certificate2 Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }

    private static void Write(string path, X509Certificate2 certificate)
    {
        PrivateFolder.Make(Path.GetDirectoryName(path)!);
        using var key = certificate.GetECDsaPrivateKey()!;
        var half = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write }.Private();
        using (var writer = new StreamWriter(half, options))
        {
            writer.WriteLine(certificate.ExportCertificatePem());
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }

        File.Move(half, path, overwrite: true);
    }
}
