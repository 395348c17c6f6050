using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>OCSP answers in the handshake, as OpenSSL's programs give and see them.</summary>
public sealed class StaplingTests : IDisposable
{
    private const string OpenSsl = "/usr/bin/openssl";
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-ocsp").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string file) => Path.Combine(_folder, file);

    [Fact]
    public async Task A_listener_hands_its_issuers_answer_to_clients()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(OpenSsl), "stapling is Linux', and seen by openssl");
        var port = FreePort();
        MakeCertificates($"http://127.0.0.1:{port}/");
        using var responder = Start("ocsp", "-port", $"{port}", "-index", At("index.txt"), "-CA", At("ca.pem"), "-rsigner", At("ca.pem"), "-rkey", At("ca.key"), "-ndays", "1");
        try
        {
            await using var broker = await TestBroker.StartAsync();
            var plain = await broker.ListenAsync(Listener("plain", new TlsSettings { CertFile = At("own.pem"), KeyFile = At("own.key") }));
            var stapling = await broker.ListenAsync(Listener("stapling",
                new TlsSettings { CertFile = At("own.pem"), KeyFile = At("own.key"), OcspStapling = true, IssuerFile = At("ca.pem") }));
            await SeenAsync(stapling, "OCSP Response Status: successful");
            await SeenAsync(plain, "OCSP response: no response sent");
        }
        finally
        {
            responder.Kill();
        }
    }

    [Theory]
    [InlineData("""{"enable_ocsp_stapling":true,"issuer_pem":"x"}""", "The responder URL is required for OCSP stapling")]
    [InlineData("""{"enable_ocsp_stapling":true,"responder_url":"http://x"}""", "The issuer PEM path is required for OCSP stapling")]
    [InlineData("""{"enable_ocsp_stapling":false}""", null)]
    public void Stapling_wants_a_responder_and_an_issuer_as_in_EMQX(string ocsp, string? problem)
    {
        var problems = new List<Violation>();
        ListenerSchemas.Ssl.Check(ConfigJson.Parse($$$"""{"ssl_options":{"ocsp":{{{ocsp}}}}}"""), "listeners.ssl.x", problems);
        if (problem is null)
            Assert.Empty(problems);
        else
            Assert.Contains(problem, Violation.ToJson(problems), StringComparison.Ordinal);
    }

    private static ListenerSettings Listener(string name, TlsSettings tls) => new() { Type = ListenerType.Ssl, Name = name, Bind = TestBroker.Loopback, Tls = tls };

    /// <summary>The first handshakes may be before the responder has answered.</summary>
    private static async Task SeenAsync(IPEndPoint listener, string text)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var client = Start("s_client", "-connect", $"{listener}", "-status");
            client.StandardInput.Close();
            var seen = await client.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Long);
            if (seen.Contains(text, StringComparison.Ordinal))
                return;
            if (watch.Elapsed > Patience.Long)
                throw new ExpectationException($"no \"{text}\" in {seen}");
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(OpenSsl, arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(TestBroker.Loopback);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void MakeCertificates(string responder)
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=issuer", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var ca = caRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([responder], []));
        using var own = request.Create(ca, from, until, [1, 2, 3, 4]);
        File.WriteAllText(At("ca.pem"), ca.ExportCertificatePem());
        File.WriteAllText(At("ca.key"), caKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(At("own.pem"), own.ExportCertificatePem());
        File.WriteAllText(At("own.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(At("index.txt"), string.Create(CultureInfo.InvariantCulture, $"V\t{until:yyMMddHHmmss}Z\t\t01020304\tunknown\t/CN=localhost\n"));
    }
}
