using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>A listener that cannot be opened, or a log file, ends the start with exit code 1 and its name.</summary>
public sealed class ListenerStartProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-start").FullName;

    [Theory]
    [InlineData("SSL", "absent.pem", "key.pem", ""), InlineData("SSL", "text.pem", "key.pem", ""), InlineData("SSL", "cert.pem", "other.pem", "")]
    [InlineData("SSL", "cert.pem", "sealed.pem", ""), InlineData("SSL", "cert.pem", "sealed.pem", "wrong"), InlineData("WSS", "cert.pem", "absent.pem", "")]
    [InlineData("WSS", "cert.pem", "other.pem", "")]
    public async Task A_certificate_that_cannot_be_used_ends_the_start_with_listener_and_file(string type, string certificate, string key, string password)
    {
        WriteFiles();
        var at = $"EMQX_LISTENERS__{type}__DEFAULT__";
        List<(string, string)> environment = [(at + "ENABLE", "true"), (at + "BIND", "127.0.0.1:0"),
            (at + "SSL_OPTIONS__CERTFILE", Path.Combine(_folder, certificate)), (at + "SSL_OPTIONS__KEYFILE", Path.Combine(_folder, key))];
        if (password.Length > 0)
            environment.Add((at + "SSL_OPTIONS__PASSWORD", password));
        await ExpectRefusalAsync([.. environment], $"{type.ToLowerInvariant()}:default", certificate == "cert.pem" ? key : certificate);
    }

    [Theory, InlineData("CACERTFILE", "absent.pem"), InlineData("CACERTFILE", "text.pem"), InlineData("KEYFILE", "key.pem")]
    public async Task A_file_that_is_named_and_could_not_be_used_ends_the_start_also_where_nothing_needs_it(string field, string file)
    {
        WriteFiles();
        const string At = "EMQX_LISTENERS__SSL__DEFAULT__";
        await ExpectRefusalAsync([(At + "ENABLE", "true"), (At + "BIND", "127.0.0.1:0"), (At + "SSL_OPTIONS__" + field, Path.Combine(_folder, file))], "ssl:default", file);
    }

    [Theory]
    [InlineData("LISTENERS__TCP__DEFAULT", "tcp:default"), InlineData("LISTENERS__SSL__DEFAULT", "ssl:default"), InlineData("LISTENERS__WS__DEFAULT", "ws:default")]
    [InlineData("LISTENERS__WSS__DEFAULT", "wss:default"), InlineData("DASHBOARD__LISTENERS__HTTP", "http:dashboard")]
    public async Task A_busy_port_ends_the_start_with_the_listener(string path, string name)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var bind = taken.LocalEndPoint!.ToString()!;
        var enable = path.StartsWith("LISTENERS", StringComparison.Ordinal) ? ($"EMQX_{path}__ENABLE", "true") : ("EMQX_LOG__CONSOLE__LEVEL", "warning");
        await ExpectRefusalAsync([($"EMQX_{path}__BIND", bind), enable], name, bind);
    }

    [Fact]
    public async Task A_certificate_of_https_that_cannot_be_used_ends_the_start_with_listener_and_file()
    {
        WriteFiles();
        const string At = "EMQX_DASHBOARD__LISTENERS__HTTPS__";
        await ExpectRefusalAsync([(At + "BIND", "127.0.0.1:18999"), (At + "SSL_OPTIONS__CERTFILE", Path.Combine(_folder, "text.pem")),
            (At + "SSL_OPTIONS__KEYFILE", Path.Combine(_folder, "key.pem"))], "https:dashboard", "text.pem");
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_written_ends_the_start_with_handler_and_file()
    {
        WriteFiles();
        await ExpectRefusalAsync([("EMQX_LOG__FILE__DEFAULT__ENABLE", "true"), ("EMQX_LOG__FILE__DEFAULT__PATH", Path.Combine(_folder, "text.pem", "node.log"))], "log.file.default.path", "text.pem");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task ExpectRefusalAsync((string, string)[] environment, string listener, string subject)
    {
        await using var server = ServerProcess.Launch(_folder, environment);
        Assert.Equal(1, (await server.ExitAsync()).Code);
        Assert.Single(server.Output.Split('\n'), line => line.StartsWith("[error]", StringComparison.Ordinal)
            && line.Contains(listener, StringComparison.Ordinal) && line.Contains(subject, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    private void WriteFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var rounds = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        foreach (var (name, text) in new[]
        {
            ("cert.pem", certificate.ExportCertificatePem()), ("key.pem", key.ExportPkcs8PrivateKeyPem()), ("other.pem", other.ExportPkcs8PrivateKeyPem()),
            ("sealed.pem", key.ExportEncryptedPkcs8PrivateKeyPem("right", rounds)), ("text.pem", "no certificate\n"),
        })
            File.WriteAllText(Path.Combine(_folder, name), text);
    }
}
