using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>The files of a TLS listener's certificates may be replaced while it runs.</summary>
public sealed class TlsRereadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-reread").FullName;

    private string CertFile => Path.Combine(_folder, "cert.pem");

    private string KeyFile => Path.Combine(_folder, "key.pem");

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_next_handshake_has_the_new_certificate_and_connections_stay(bool isWebSocket)
    {
        WriteFiles("first");
        await using var broker = await TestBroker.StartAsync();
        var at = await ListenAsync(broker, isWebSocket);
        Assert.Equal("CN=first", await SubjectAsync(at));
        await using var client = isWebSocket ? await RawMqttClient.OpenWebSocketAsync(at, tls: true) : await RawMqttClient.OpenTlsAsync(at);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        WriteFiles("second");
        Assert.Equal("CN=first", await SubjectAsync(at));
        broker.Get<IMqttListeners>().RereadCertificates();
        Assert.Equal("CN=second", await SubjectAsync(at));
        await client.ExpectNothingAsync();
        Assert.Empty(broker.Errors.All);
    }

    [Theory, InlineData("cert.pem", null), InlineData("key.pem", null), InlineData("cert.pem", "no certificate"), InlineData("key.pem", "no key")]
    public async Task Files_that_cannot_be_used_leave_what_was_there_and_one_line_for_each_listener(string file, string? content)
    {
        WriteFiles("first");
        await using var broker = await TestBroker.StartAsync();
        IPEndPoint[] all = [await ListenAsync(broker, isWebSocket: false), await ListenAsync(broker, isWebSocket: true)];
        WriteFiles("second");
        if (content is null)
            File.Delete(Path.Combine(_folder, file));
        else
            await File.WriteAllTextAsync(Path.Combine(_folder, file), content, TestContext.Current.CancellationToken);
        broker.Get<IMqttListeners>().RereadCertificates();
        foreach (var at in all)
            Assert.Equal("CN=first", await SubjectAsync(at));
        Assert.Equal(["ssl:own", "wss:own"], broker.Errors.All.Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal));
        Assert.All(broker.Errors.All, line => Assert.Contains(file, line, StringComparison.Ordinal));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Settings_with_files_that_cannot_be_used_change_nothing(bool isWebSocket)
    {
        WriteFiles("first");
        await using var broker = await TestBroker.StartAsync();
        var at = await ListenAsync(broker, isWebSocket);
        var listeners = broker.Get<IMqttListeners>();
        var before = listeners.Find(isWebSocket ? "wss:own" : "ssl:own")!.Settings;
        foreach (var tls in new TlsSettings[] { before.Tls with { CaCertFile = Path.Combine(_folder, "absent.pem") }, new() { KeyFile = KeyFile } })
            await Assert.ThrowsAsync<CryptographicException>(() => listeners.UpdateAsync(before with { Tls = tls, MaxConnections = 0 }, TestContext.Current.CancellationToken));
        Assert.Equal(before, listeners.Find(before.Id)!.Settings);
        Assert.Equal("CN=first", await SubjectAsync(at));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<IPEndPoint> ListenAsync(TestBroker broker, bool isWebSocket) => broker.ListenAsync(new ListenerSettings
    {
        Type = isWebSocket ? ListenerType.Wss : ListenerType.Ssl, Name = "own", Bind = TestBroker.Loopback,
        Tls = new TlsSettings { CertFile = CertFile, KeyFile = KeyFile },
    });

    private static async Task<string> SubjectAsync(IPEndPoint at)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(at, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, TestContext.Current.CancellationToken);
        return stream.RemoteCertificate!.Subject;
    }

    private void WriteFiles(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(CertFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
