using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>SIGHUP: the process lives on, with the certificates that the files hold by then.</summary>
public sealed class HangupProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-hangup").FullName;

    [Fact]
    public async Task A_hangup_rereads_the_certificates_and_ends_nothing()
    {
        Assert.SkipWhen(IsIgnored(), "SIGHUP is ignored here, as under nohup: the process would not see it");
        WriteFiles("first");
        var https = FreePort();
        List<(string, string)> environment = [("EMQX_LISTENERS__SSL__DEFAULT__ENABLE", "true"), ("EMQX_LISTENERS__SSL__DEFAULT__BIND", "127.0.0.1:0"),
            ("EMQX_DASHBOARD__LISTENERS__HTTPS__BIND", $"127.0.0.1:{https}")];
        foreach (var at in new[] { "EMQX_LISTENERS__SSL__DEFAULT__", "EMQX_DASHBOARD__LISTENERS__HTTPS__" })
            environment.AddRange([(at + "SSL_OPTIONS__CERTFILE", Path.Combine(_folder, "cert.pem")), (at + "SSL_OPTIONS__KEYFILE", Path.Combine(_folder, "key.pem"))]);
        await using var server = await ServerProcess.StartAsync(_folder, [.. environment]);
        int[] ports = [https, await PortAsync(server)];
        foreach (var port in ports)
            Assert.Equal("CN=first", await SubjectAsync(port));
        WriteFiles("second");
        server.Signal("HUP");
        foreach (var port in ports)
            await UntilAsync(async () => await SubjectAsync(port) == "CN=second");
        await File.WriteAllTextAsync(Path.Combine(_folder, "cert.pem"), "no certificate", TestContext.Current.CancellationToken);
        server.Signal("HUP");
        foreach (var listener in new[] { "ssl:default", "https:dashboard" })
            await UntilAsync(() => Task.FromResult(server.Output.Contains($"{listener} keeps", StringComparison.Ordinal)));
        foreach (var port in ports)
            Assert.Equal("CN=second", await SubjectAsync(port));
        using var status = await server.Http.GetAsync(new Uri("status", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Whether whoever has started this process has it ignore SIGHUP; what it starts then does, too.</summary>
    private static bool IsIgnored()
    {
        const string mask = "SigIgn:";
        var line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(static one => one.StartsWith(mask, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[mask.Length..].Trim(), 16) & 1) != 0;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var end = new CancellationTokenSource(Patience.Long);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), end.Token);
    }

    private static async Task<int> PortAsync(ServerProcess server)
    {
        const string before = "Listener ssl:default on 127.0.0.1:";
        await UntilAsync(() => Task.FromResult(server.Output.Contains("is running", StringComparison.Ordinal)));
        var line = Assert.Single(server.Output.Split('\n'), line => line.StartsWith(before, StringComparison.Ordinal));
        return int.Parse(line[before.Length..].Split(' ')[0], null);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> SubjectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, TestContext.Current.CancellationToken);
        return stream.RemoteCertificate!.Subject;
    }

    private void WriteFiles(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
