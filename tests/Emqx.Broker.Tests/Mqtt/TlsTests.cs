using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>MQTT over TLS, also under WebSocket.</summary>
public sealed class TlsTests(TlsTests.Listener listener) : IClassFixture<TlsTests.Listener>
{
    /// <summary>A broker with TLS listeners, and a certificate authority with a client's certificate.</summary>
    public sealed class Listener : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("emqx-tls").FullName;

        public TestBroker Broker { get; private set; } = null!;
        public X509Certificate2 ClientCertificate { get; private set; } = null!;
        public X509Certificate2 StrangerCertificate { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Broker = await TestBroker.StartAsync();
            ClientCertificate = Issue("ca", "CN=Client,O=EMQ,ST=hangzhou,C=CN");
            StrangerCertificate = Issue("other", "CN=Stranger");
        }

        internal Task<IPEndPoint> ListenAsync(TlsSettings tls, ListenerType type = ListenerType.Ssl) => Broker.ListenAsync(new ListenerSettings
        {
            Type = type, Name = Unique.Name("t"), Bind = TestBroker.Loopback, Tls = tls with { CaCertFile = Path.Combine(_folder, "ca.pem") },
        });

        public async ValueTask DisposeAsync()
        {
            await Broker.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private X509Certificate2 Issue(string authority, string subject)
        {
            using var caKey = RSA.Create(2048);
            var ca = new CertificateRequest($"CN={authority}", caKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
            using var issuer = ca.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(Path.Combine(_folder, $"{authority}.pem"), issuer.ExportCertificatePem());
            using var key = RSA.Create(2048);
            var request = new CertificateRequest(new X500DistinguishedName(subject, X500DistinguishedNameFlags.None), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var issued = request.Create(issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
            using var whole = issued.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        }
    }

    [Theory, InlineData(SslProtocols.Tls12, true), InlineData(SslProtocols.Tls13, true), InlineData(SslProtocols.Tls12, false)]
    public async Task A_close_notify_is_answered_by_one(SslProtocols version, bool connects)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(await listener.ListenAsync(new TlsSettings()), TestContext.Current.CancellationToken);
        await using var wire = new NetworkStream(socket, ownsSocket: false);
        await using var stream = new SslStream(wire, leaveInnerStreamOpen: true, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version },
            TestContext.Current.CancellationToken);
        if (connects)
        {
            await stream.WriteAsync(new ConnectOptions { Version = 4 }.ToPacket(), TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);
        }

        await stream.ShutdownAsync();
        var rest = new MemoryStream();
        await wire.CopyToAsync(rest, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.NotEqual(0, rest.Length); // a record with the alert, and then the end
    }

    [Theory, InlineData(SslProtocols.Tls12), InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_are_spoken_with_a_self_signed_certificate(SslProtocols version)
    {
        var ssl = await listener.ListenAsync(new TlsSettings());
        await using var client = await RawMqttClient.OpenTlsAsync(ssl, protocols: version);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        var topic = Unique.Topic();
        await client.SubscribeAsync(topic);
        await client.SendAsync(Packets.Publish(5, topic, new byte[100_000]));
        Assert.Equal(100_000, (await client.ExpectMessageAsync()).Payload.Length);
    }

    [Fact]
    public async Task A_listener_may_speak_one_version_only()
    {
        var ssl = await listener.ListenAsync(new TlsSettings { Versions = ["tlsv1.3"] });
        await Assert.ThrowsAnyAsync<Exception>(() => RawMqttClient.OpenTlsAsync(ssl, protocols: SslProtocols.Tls12));
        await using var client = await RawMqttClient.OpenTlsAsync(ssl, protocols: SslProtocols.Tls13);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
    }

    [Fact]
    public async Task WebSocket_works_over_TLS()
    {
        var wss = await listener.ListenAsync(new TlsSettings(), ListenerType.Wss);
        await using var client = await RawMqttClient.OpenWebSocketAsync(wss, tls: true);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Plain_MQTT_on_a_TLS_port_is_closed()
    {
        var ssl = await listener.ListenAsync(new TlsSettings());
        await using var client = await RawMqttClient.OpenTcpAsync(ssl, reads: false);
        await client.SendAsync(new ConnectOptions().ToPacket());
        await using var sound = await RawMqttClient.OpenTlsAsync(ssl);
        Assert.Equal(0, (await sound.ConnectAsync(new ConnectOptions())).ReasonCode);
    }

    [Fact]
    public async Task Half_a_handshake_holds_up_nobody()
    {
        var ssl = await listener.ListenAsync(new TlsSettings());
        await using var silent = await RawMqttClient.OpenTcpAsync(ssl);
        await using var sound = await RawMqttClient.OpenTlsAsync(ssl);
        Assert.Equal(0, (await sound.ConnectAsync(new ConnectOptions())).ReasonCode);
    }

    [Fact]
    public async Task A_certificate_is_asked_for_and_checked_where_set()
    {
        var ssl = await listener.ListenAsync(new TlsSettings { VerifyPeer = true, FailIfNoPeerCert = true });
        await using (var client = await RawMqttClient.OpenTlsAsync(ssl, certificate: listener.ClientCertificate))
            Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        await RefusedAsync(ssl, null);
        await RefusedAsync(ssl, listener.StrangerCertificate);
    }

    [Fact]
    public async Task Without_a_certificate_a_client_is_let_in_where_it_may_fail()
    {
        var ssl = await listener.ListenAsync(new TlsSettings { VerifyPeer = true });
        await using var client = await RawMqttClient.OpenTlsAsync(ssl);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        await RefusedAsync(ssl, listener.StrangerCertificate);
    }

    [Theory, InlineData("cn", "Client"), InlineData("dn", "CN=Client,O=EMQ,ST=hangzhou,C=CN")]
    public async Task The_certificate_may_name_the_user(string setting, string expected)
    {
        listener.Broker.Configure(mqtt => mqtt with { PeerCertAsUsername = setting });
        var ssl = await listener.ListenAsync(new TlsSettings { VerifyPeer = true });
        var id = Unique.Name("t");
        string? user = null;
        using var link = listener.Broker.Get<BrokerHooks>().ClientConnect.Add(attempt =>
        {
            if (attempt.Client.ClientId == id)
                user = attempt.Client.Username;
            return HookResult.Continue;
        });
        await using (var client = await RawMqttClient.OpenTlsAsync(ssl, certificate: listener.ClientCertificate))
            await client.ConnectAsync(new ConnectOptions { ClientId = id, Username = "given" });
        Assert.Equal(expected, user);
        await using (var client = await RawMqttClient.OpenTlsAsync(ssl))
            await client.ConnectAsync(new ConnectOptions { ClientId = id, Username = "given" });
        Assert.Equal("given", user);
        listener.Broker.Configure(mqtt => mqtt with { PeerCertAsUsername = "disabled" });
    }

    private static async Task RefusedAsync(IPEndPoint ssl, X509Certificate2? certificate)
    {
        try
        {
            await using var client = await RawMqttClient.OpenTlsAsync(ssl, certificate: certificate);
            await client.SendAsync(new ConnectOptions().ToPacket());
            await client.ExpectClosedAsync();
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            // TLS 1.2 refuses within the handshake.
        }
    }
}
