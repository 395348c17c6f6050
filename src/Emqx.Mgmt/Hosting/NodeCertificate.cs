using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt;
using System.Security.Cryptography;

namespace Emqx.Mgmt.Hosting;

/// <summary>The self-signed certificate of TLS listeners that were given none.</summary>
internal sealed class NodeCertificate(TimeProvider time) : INodeCertificate
{
    private readonly Lazy<X509Certificate2> _certificate = new(() => Make(time.GetUtcNow()));

    public X509Certificate2 Get() => _certificate.Value;

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }
}
