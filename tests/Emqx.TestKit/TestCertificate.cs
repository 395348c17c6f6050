using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt.Transport;

namespace Emqx.TestKit;

/// <summary>A self-signed certificate for the TLS listeners of one test's broker.</summary>
internal sealed class TestCertificate : INodeCertificate
{
    private readonly Lazy<X509Certificate2> _certificate = new(Make);

    public X509Certificate2 Get() => _certificate.Value;

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}
