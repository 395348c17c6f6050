using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Cluster;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Broker.Listeners;

/// <summary>The self-signed certificate of TLS listeners that were given none, made or read when the first of them opens.</summary>
internal sealed class NodeCertificate(NodeIdentity node, TimeProvider time) : INodeCertificate
{
    private readonly Lazy<X509Certificate2> _certificate = new(() => SelfSignedCertificate.GetOrCreate(
        node.DataFolder == ConfigurationSources.InMemory ? null : Path.Combine(node.DataFolder, "certs"), time.GetUtcNow()));

    public X509Certificate2 Get() => _certificate.Value;
}
