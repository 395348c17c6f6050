using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using Emqx.TestKit;
using Xunit;

#pragma warning disable CA1416 // Suites can be chosen where the tests run.

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>The versions, suites and chains of TLS that a listener was told to take, and its TCP options.</summary>
public sealed class TlsChoiceTests
{
    private static readonly string[] s_small = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ciphers = ["NOPE"]}""", "{bad_ciphers,[\"NOPE\"]}")]
    [InlineData("""{ciphers = "AES128-SHA, NOPE, ECDH-RSA-AES128-SHA"}""", "{bad_ciphers,[\"NOPE\",\"ECDH-RSA-AES128-SHA\"]}")]
    [InlineData("""{versions = [tlsv1.1]}""", "unsupported_tls_versions")]
    [InlineData("""{versions = [tlsv1.1, tlsv1]}""", "unsupported_tls_versions")]
    [InlineData("""{versions = [tlsv1.3, tlsv1.1]}""", "exclude tlsv1.2")]
    [InlineData("""{versions = [tlsv1.2], ciphers = [TLS_AES_128_GCM_SHA256]}""", "none of the ciphers")]
    public void What_cannot_be_had_is_refused(string options, string reason)
    {
        List<Violation> problems = [];
        Assert.Null(ListenerSchemas.Tls(isWebSocket: false).Check(HoconParser.ParseValue(options), "root", problems));
        Assert.Contains(reason, Assert.Single(problems).ToString().Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ciphers = []}""")]
    [InlineData("""{ciphers = ""}""")]
    [InlineData("""{ciphers = "TLS_AES_128_GCM_SHA256,AES128-GCM-SHA256"}""")]
    [InlineData("""{versions = [tlsv1.3, tlsv1.2, tlsv1.1, tlsv1]}""")]
    [InlineData("""{versions = [tlsv1.3], ciphers = [ECDHE-RSA-AES128-SHA]}""")]
    public void What_can_be_had_is_taken(string options)
    {
        List<Violation> problems = [];
        Assert.NotNull(ListenerSchemas.Tls(isWebSocket: false).Check(HoconParser.ParseValue(options), "root", problems));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_listed_suites_are_spoken(bool isWebSocket)
    {
        await using var broker = await TestBroker.StartAsync();
        var at = await broker.ListenAsync(new ListenerSettings
        {
            Type = isWebSocket ? ListenerType.Wss : ListenerType.Ssl, Name = "few", Bind = TestBroker.Loopback,
            Tls = new TlsSettings { Versions = ["tlsv1.2"], Ciphers = s_small },
        });
        var (version, suite) = await SpokenAsync(at, null);
        Assert.Equal(SslProtocols.Tls12, version);
        Assert.Contains(suite, TlsSuites.Of(s_small, ["tlsv1.2"]));
        await Assert.ThrowsAnyAsync<Exception>(() => SpokenAsync(at, new CipherSuitesPolicy(TlsSuites.Of(["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"], ["tlsv1.2"]))));
    }

    [Fact]
    public async Task Suites_of_older_devices_can_be_had()
    {
        await using var broker = await TestBroker.StartAsync();
        string[] old = ["ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA"];
        var at = await broker.ListenAsync(new ListenerSettings
        {
            Type = ListenerType.Ssl, Name = "old", Bind = TestBroker.Loopback, Tls = new TlsSettings { Ciphers = old },
        });
        Assert.Equal(SslProtocols.Tls13, (await SpokenAsync(at, null)).Version); // its suites are added where none is named
        var (version, suite) = await SpokenAsync(at, new CipherSuitesPolicy(TlsSuites.Of(old, ["tlsv1.2"])));
        Assert.Equal(SslProtocols.Tls12, version);
        Assert.Contains(suite, TlsSuites.Of(old, ["tlsv1.2"]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Depth_bounds_the_certificates_between_a_peer_and_a_trusted_one(int depth, bool isTaken)
    {
        var folder = Directory.CreateTempSubdirectory("emqx-depth").FullName;
        using var rootKey = RSA.Create(2048);
        using var middleKey = RSA.Create(2048);
        using var peerKey = RSA.Create(2048);
        using var root = Request("root", rootKey, isAuthority: true).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var middleBare = Request("middle", middleKey, isAuthority: true).Create(root, DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow.AddHours(2), [1]);
        using var middle = middleBare.CopyWithPrivateKey(middleKey);
        using var peer = Request("peer", peerKey, isAuthority: false).Create(middle, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [2]);
        var file = Path.Combine(folder, "ca.pem");
        File.WriteAllText(file, root.ExportCertificatePem());
        var options = new TlsOptionsSource(new TestCertificate()).Create(new TlsSettings { CaCertFile = file, VerifyPeer = true, Depth = depth });
        using var sent = new X509Chain();
        sent.ChainPolicy.ExtraStore.Add(middleBare);
        Assert.Equal(isTaken, options.RemoteCertificateValidationCallback!(this, peer, sent, SslPolicyErrors.RemoteCertificateChainErrors));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Options_of_TCP_reach_the_socket()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        TcpOptions.Apply(socket, new ListenerSettings
        {
            Type = ListenerType.Tcp, Name = "x", Bind = TestBroker.Loopback, NoDelay = false, NoLinger = true, KeepAlive = "70, 7,3",
            ReceiveBuffer = 8192, SendBuffer = 16384,
        });
        Assert.Equal((false, true, 0), (socket.NoDelay, socket.LingerState!.Enabled, socket.LingerState.LingerTime));
        Assert.Equal((70, 7, 3), (Tcp(socket, SocketOptionName.TcpKeepAliveTime), Tcp(socket, SocketOptionName.TcpKeepAliveInterval), Tcp(socket, SocketOptionName.TcpKeepAliveRetryCount)));
        Assert.InRange(socket.ReceiveBufferSize, 8192, 2 * 8192); // Linux doubles it
        Assert.InRange(socket.SendBufferSize, 16384, 2 * 16384);
    }

    private static int Tcp(Socket socket, SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;

    private static CertificateRequest Request(string name, RSA key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request;
    }

    private static async Task<(SslProtocols Version, TlsCipherSuite Suite)> SpokenAsync(IPEndPoint at, CipherSuitesPolicy? policy)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(at, Cancellation);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", CipherSuitesPolicy = policy, RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        }, Cancellation).WaitAsync(Patience.Long, Cancellation);
        return (stream.SslProtocol, stream.NegotiatedCipherSuite);
    }
}
