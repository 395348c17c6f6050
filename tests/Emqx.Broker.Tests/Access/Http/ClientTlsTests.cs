using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Access.Authn;
using Xunit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>Services that are asked over TLS, by the fields of <c>ssl</c>.</summary>
public sealed class ClientTlsTests : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly X509Certificate2 _own = SelfSigned("localhost");
    private readonly X509Certificate2 _client = SelfSigned("client");
    private readonly Task _serving;
    private string? _seen;

    public ClientTlsTests()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    [Theory]
    [InlineData("""{"enable":true}""", true)]
    [InlineData("""{"enable":true,"verify":"verify_peer"}""", false)]
    [InlineData("""{"enable":true,"verify":"verify_peer","cacertfile":"OWN"}""", false)] // the address is not the name in it
    [InlineData("""{"enable":true,"verify":"verify_peer","cacertfile":"OWN","server_name_indication":"localhost"}""", true)]
    [InlineData("""{"enable":true,"verify":"verify_peer","cacertfile":"OWN","server_name_indication":"other"}""", false)]
    [InlineData("""{"enable":true,"verify":"verify_peer","cacertfile":"OWN","server_name_indication":"disable"}""", true)]
    [InlineData("""{"enable":true,"verify":"verify_peer","cacertfile":"CLIENT","server_name_indication":"localhost"}""", false)]
    [InlineData("""{"enable":true,"cacertfile":"/nowhere/ca.pem"}""", false)]
    public async Task A_service_is_asked_where_its_certificate_does(string ssl, bool isAsked)
    {
        await using var authenticator = Make(ssl);
        Assert.Equal(isAsked ? AuthnOutcome.Allow : AuthnOutcome.Ignore, (await authenticator.AskAsync("p")).Outcome);
        Assert.Equal(isAsked ? ResourceStatus.Connected : ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
    }

    [Fact]
    public async Task The_own_certificate_is_shown_to_the_service()
    {
        await using var authenticator = Make("""{"enable":true,"certfile":"CLIENT","keyfile":"KEY"}""");
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("p")).Outcome);
        Assert.Equal("CN=client", _seen);
    }

    [Fact]
    public void A_key_is_not_shown_and_stays_when_its_mask_comes_back()
    {
        var kind = new AuthenticationKind(AuthenticatorCatalogue.All);
        var kept = Authenticators.Check(Entry("""{"enable":true,"certfile":"CLIENT","keyfile":"KEY"}"""), out var problems)!;
        Assert.Empty(problems);
        var shown = kind.Shown(kept);
        Assert.DoesNotContain("PRIVATE KEY", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(kept, kind.Unmasked(shown, kept));
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _serving;
        _over.Dispose();
        _own.Dispose();
        _client.Dispose();
    }

    private IAuthenticator Make(string ssl) => Authenticators.Make(Entry(ssl));

    private string Entry(string ssl)
    {
        using var key = _client.GetECDsaPrivateKey()!;
        var named = ssl.Replace("OWN", Text(_own.ExportCertificatePem()), StringComparison.Ordinal).Replace("CLIENT", Text(_client.ExportCertificatePem()), StringComparison.Ordinal)
            .Replace("\"KEY\"", $"\"{Text(key.ExportPkcs8PrivateKeyPem())}\"", StringComparison.Ordinal);
        return $$"""{"mechanism":"password_based","backend":"http","method":"get","url":"https://{{_listener.LocalEndpoint}}/auth","ssl":{{named}}}""";
    }

    private static string Text(string pem) => new ConfigText(pem).ToString()[1..^1];

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        while (!_over.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient peer)
    {
        using var client = peer;
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _own, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, certificate, _, _) => (_seen = certificate?.Subject) is null or not "",
            }, _over.Token);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, _over.Token) > 0)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(AccessService.Says(204, type: null)), _over.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The other side has left, or the test is over.
        }
    }
}
