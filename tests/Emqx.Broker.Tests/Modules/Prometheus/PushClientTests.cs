using System.Text;
using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.Prometheus;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Prometheus;

/// <summary>Sending to a push gateway: what is sent, and that nothing a gateway does holds the node up.</summary>
public sealed class PushClientTests : IDisposable
{
    private const string Taken = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private readonly ManualClock _time = new();
    private readonly PushClient _client;

    public PushClientTests()
    {
        var node = new NodeIdentity("emqx@10.0.0.1", 0, NodeIdentity.InMemory);
        _client = new PushClient(node, new LoneNode(node, _time), _time);
    }

    public void Dispose() => _client.Dispose();

    private static PushGatewaySettings To(string url, string method = "put", string job = "${name}/instance/${name}~${host}", Dictionary<string, string>? headers = null) =>
        new(true, method, url, 1000, headers ?? [], job);

    private Task<string?> SendAsync(PushGatewaySettings settings) => _client.SendAsync(settings, "a 1\n", CancellationToken.None).WaitAsync(Patience.Long);

    [Theory]
    [InlineData("put", "PUT")]
    [InlineData("post", "POST")]
    public async Task The_text_goes_to_the_job_with_method_and_headers(string method, string verb)
    {
        await using var gateway = new RawGateway(Taken);
        Assert.Null(await SendAsync(To(gateway.Url, method, headers: new() { ["X-One"] = "1", ["Authorization"] = "Basic eHg=" })));
        var request = await gateway.RequestAsync();
        Assert.StartsWith($"{verb} /metrics/job/emqx/instance/emqx~10.0.0.1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-One: 1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Basic eHg=\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na 1\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_s_name_and_credentials_of_the_address_are_used_and_line_breaks_stay_in_the_path()
    {
        await using var gateway = new RawGateway(Taken);
        Assert.Null(await SendAsync(To(gateway.Url.Replace("//", "//me:p%40ss@", StringComparison.Ordinal), job: "${cluster_name}\r\nX: y")));
        var request = await gateway.RequestAsync();
        Assert.StartsWith("PUT /metrics/job/emqxcl%0D%0AX:%20y HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("me:p@ss"))}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_given_up_after_ten_seconds()
    {
        await using var gateway = new RawGateway(null);
        var sending = SendAsync(To(gateway.Url));
        await gateway.RequestAsync();
        _time.Advance(PushClient.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("10 s", await sending, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await using var gateway = new RawGateway($"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{new string('x', 100_000)}");
        Assert.Null(await SendAsync(To(gateway.Url)));
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using var gateway = new RawGateway($"HTTP/1.1 200 OK\r\nX: {new string('x', 100_000)}");
        Assert.NotNull(await SendAsync(To(gateway.Url)));
    }

    [Fact]
    public async Task A_redirection_is_a_failure_and_not_followed()
    {
        await using var other = new RawGateway(Taken);
        await using var gateway = new RawGateway($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.Url}/\r\nContent-Length: 0\r\n\r\n");
        Assert.Contains("307", await SendAsync(To(gateway.Url)), StringComparison.Ordinal);
        Assert.Equal(0, other.Waiting);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_failure()
    {
        var gateway = new RawGateway(Taken);
        var url = gateway.Url;
        await gateway.DisposeAsync();
        Assert.NotNull(await SendAsync(To(url)));
    }
}
