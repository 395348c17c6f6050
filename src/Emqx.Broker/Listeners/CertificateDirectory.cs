using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Listeners;

/// <summary>Looks into the certificates of the listeners that are on, ten seconds after the last look at the earliest.</summary>
internal sealed class CertificateDirectory(ListenerTable table, ConfigPaths paths, IMqttListeners sockets, INodeCertificate own, TimeProvider time) : ICertificateDirectory
{
    private const int LargestFile = 1 << 20;
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private IReadOnlyList<CertificateExpiry>? _known;
    private long _lookedAt;

    public IReadOnlyList<CertificateExpiry> Read()
    {
        lock (_gate)
        {
            if (_known is not null && time.GetElapsedTime(_lookedAt) < s_life)
                return _known;
            _lookedAt = time.GetTimestamp();
            return _known = [.. Look()];
        }
    }

    private IEnumerable<CertificateExpiry> Look()
    {
        foreach (var (id, fields) in table.All())
        {
            if (id.Type is not ("ssl" or "wss"))
                continue;
            var settings = ListenerReader.Read(id.Transport!.Value, id.Name, fields, paths);
            if (!settings.Enable)
                continue;
            if (settings.Tls.CertFile is { } file)
                yield return new(settings.Id, ExpiryOf(file));
            else if (sockets.Find(settings.Id) is not null) // before, there may be no certificate yet
                yield return new(settings.Id, SecondsOf(own.Get()));
        }
    }

    private static long ExpiryOf(string file)
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: > 0 and <= LargestFile })
                return 0;
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            var expiry = all.Count == 0 ? 0 : SecondsOf(all[0]);
            foreach (var one in all)
                one.Dispose();
            return expiry;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long SecondsOf(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds();
}
