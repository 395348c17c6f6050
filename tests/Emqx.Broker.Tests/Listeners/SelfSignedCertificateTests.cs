using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Listeners;
using Xunit;

namespace Emqx.Broker.Tests.Listeners;

/// <summary>The certificate that the node makes for itself.</summary>
public sealed class SelfSignedCertificateTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-certs").FullName;

    private string CertificateFile => Path.Combine(_folder, "certs", "self-signed.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private X509Certificate2 Get(DateTimeOffset now) => SelfSignedCertificate.GetOrCreate(Path.Combine(_folder, "certs"), now);

    [Fact]
    public void It_is_made_once_and_kept_with_its_key()
    {
        using var made = Get(s_now);
        using var again = Get(s_now.AddYears(5));
        Assert.Equal(made.Thumbprint, again.Thumbprint);
        Assert.True(again.HasPrivateKey);
        Assert.True(made.MatchesHostname("localhost") && made.MatchesHostname("127.0.0.1"));
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        Get(s_now).Dispose();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CertificateFile));
    }

    [Fact]
    public void An_expired_one_is_made_anew()
    {
        using var made = Get(s_now);
        using var next = Get(s_now.AddYears(11));
        Assert.NotEqual(made.Thumbprint, next.Thumbprint);
        Assert.True(next.NotAfter > s_now.AddYears(11));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    public void A_file_that_cannot_be_read_is_replaced(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CertificateFile)!);
        File.WriteAllText(CertificateFile, text);
        using var made = Get(s_now);
        using var again = Get(s_now);
        Assert.Equal(made.Thumbprint, again.Thumbprint);
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept()
    {
        using var first = SelfSignedCertificate.GetOrCreate(null, s_now);
        using var second = SelfSignedCertificate.GetOrCreate(null, s_now);
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
    }
}
