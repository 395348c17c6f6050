using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Node;
using Emqx.TestKit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>What the log tells of a collector, and TLS to one.</summary>
public sealed class CollectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-otel").FullName;
    private readonly Lines _lines = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<BrokerNode> StartAsync(string endpoint, string tls = "") => BrokerNode.StartNewAsync(new BrokerNodeOptions
    {
        LoggerFactory = new LoggerFactory([_lines]),
        Configuration = $$"""
            opentelemetry.metrics { enable = true, interval = 100ms }
            opentelemetry.exporter.endpoint = "{{endpoint}}"
            {{tls}}
            """,
    });

    private Task HeardAsync(string text) => Eventually.TrueAsync(() => _lines.All.Any(line => line.Contains(text, StringComparison.Ordinal)), text);

    private X509Certificate2 MakeCertificate(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=collector", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(_folder, file), certificate.ExportCertificatePem());
        return certificate;
    }

    [Fact]
    public async Task A_collector_that_refuses_is_told_of_once_and_when_it_takes_them_again()
    {
        await using var collector = await FakeCollector.StartAsync();
        collector.Status = 7;
        await using var node = await StartAsync(collector.Url);
        for (var i = 0; i < 3; i++)
            await collector.NextAsync("metrics");
        await HeardAsync("does not take the metrics: it answers with the gRPC status 7");
        collector.Status = 0;
        await HeardAsync("takes the metrics again");
        Assert.Single(_lines.All, static line => line.Contains("does not take", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_not_there_is_told_of()
    {
        var gone = await FakeCollector.StartAsync();
        var url = gone.Url;
        await gone.DisposeAsync();
        await using var node = await StartAsync(url);
        await HeardAsync("does not take the metrics");
    }

    [Fact]
    public async Task A_collector_is_checked_by_the_certificates_that_are_named()
    {
        using var certificate = MakeCertificate("own.pem");
        using var other = MakeCertificate("other.pem");
        await using var collector = await FakeCollector.StartAsync(certificate);
        await using (await StartAsync(collector.Url, $$"""opentelemetry.exporter.ssl_options { verify = verify_peer, cacertfile = "{{_folder}}/own.pem" }"""))
            await collector.NextAsync("metrics");
        await using (await StartAsync(collector.Url))
            await collector.NextAsync("metrics");
        Assert.DoesNotContain(_lines.All, static line => line.Contains("does not take", StringComparison.Ordinal));
        await using (await StartAsync(collector.Url, $$"""opentelemetry.exporter.ssl_options { verify = verify_peer, cacertfile = "{{_folder}}/other.pem" }"""))
            await HeardAsync("does not take the metrics");
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told_of_and_nothing_is_sent()
    {
        await using var node = await StartAsync("https://127.0.0.1:1", $$"""opentelemetry.exporter.ssl_options { verify = verify_peer, cacertfile = "{{_folder}}/none.pem" }""");
        await HeardAsync("metrics cannot be exported");
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _all = new();

        public IReadOnlyCollection<string> All => _all;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _all.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
