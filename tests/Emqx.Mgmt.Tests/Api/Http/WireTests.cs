using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>What only shows on a real socket: request lines byte for byte, limits, connections.</summary>
public sealed class WireTests : IClassFixture<WireTests.SocketApp>
{
    private const string Key = "Authorization: Basic dGVzdC1rZXk6dGVzdC1zZWNyZXQ=\r\n";
    private readonly Uri _address;

    public WireTests(SocketApp app) => _address = app.Address;

    [Theory]
    [InlineData("/api/v5/error_codes/a%252Fb", 400, "a%2Fb")]
    [InlineData("/api/v5/error_codes/a%2Fb", 400, "a/b")]
    [InlineData("/api/v5/x/../error_codes/./b", 400, "There is no error code b")]
    [InlineData("http://x/api/v5/error_codes/b", 400, "There is no error code b")]
    [InlineData("/api/v5/error_codes/%FF", 400, "BAD_REQUEST")]
    [InlineData("/api/v5/error_codes/%ZZ", 400, null)]
    [InlineData("/api/v5/error_codes/%2", 400, null)]
    [InlineData("/api/v5/clients?like_clientid=%ZZ", 400, null)]
    [InlineData("/api/v5/clients?like_clientid=%FF", 400, "BAD_REQUEST")]
    [InlineData("/api/v5//nodes", 404, "404 - NOT FOUND")]
    [InlineData("//api/v5/nodes", 404, "404 - NOT FOUND")]
    public async Task The_request_line_is_read_as_it_came(string target, int status, string? part)
    {
        var (found, body) = await SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n{Key}Connection: close\r\n\r\n");
        Assert.Equal(status, found);
        if (part is null)
            Assert.Empty(body);
        else
            Assert.Contains(part, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_request_lines_are_414_and_long_headers_431_without_a_body()
    {
        Assert.Equal(200, (await SendAsync($"GET /api/v5/clients?like_clientid={new string('x', 7000)} HTTP/1.1\r\nHost: x\r\n{Key}Connection: close\r\n\r\n")).Status);
        Assert.Equal((414, ""), await SendAsync($"GET /api/v5/clients?like_clientid={new string('x', 8050)} HTTP/1.1\r\nHost: x\r\n{Key}Connection: close\r\n\r\n"));
        Assert.Equal((414, ""), await SendAsync($"GET /api/v5/clients?like_clientid={new string('x', 20000)} HTTP/1.1\r\nHost: x\r\n{Key}Connection: close\r\n\r\n"));
        Assert.Equal((431, ""), await SendAsync($"GET /api/v5/status HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 5000)}\r\nConnection: close\r\n\r\n"));
        Assert.Equal((431, ""), await SendAsync($"GET /api/v5/status HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 50000)}\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task A_chunked_body_is_read()
    {
        const string body = "b\r\n{\"topic\":\"a\r\nf\r\n\",\"payload\":\"\"}\r\n0\r\n\r\n";
        var (status, answer) = await SendAsync($"POST /api/v5/publish HTTP/1.1\r\nHost: x\r\n{Key}Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body}");
        Assert.Equal(202, status);
        Assert.Contains("no_matching_subscribers", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_kept_after_any_answer()
    {
        var requests = new StringBuilder();
        foreach (var path in (string[])["/api/v5/nope", "/api/v5/nodes", "/api/v5/status"])
            requests.Append($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        requests.Append("DELETE /api/v5/clients HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{}x");
        requests.Append("GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var all = await ExchangeAsync(requests.ToString());
        Assert.Equal(["404", "401", "200", "405", "200"], all.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]));
    }

    private async Task<(int Status, string Body)> SendAsync(string request)
    {
        var answer = await ExchangeAsync(request);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer[(end + 4)..]);
    }

    private async Task<string> ExchangeAsync(string request)
    {
        using var socket = new TcpClient(_address.Host, _address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The server on a real port.</summary>
    public sealed class SocketApp : EmqxApp
    {
        public SocketApp()
        {
            UseKestrel(0);
            StartServer();
        }

        public Uri Address => ClientOptions.BaseAddress;
    }
}
