using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Node;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>The HTTP side's own listeners: http and https, and how they move.</summary>
public sealed class DashboardServerTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app = Compose();
    private readonly HttpClient _client = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true }) { Timeout = s_patience };

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        await _app.Services.GetRequiredService<ApiKeyRing>().BootstrapAsync("moves", "key", "secret", CancellationToken.None);
        _client.DefaultRequestHeaders.Authorization = EmqxApp.Basic("key", "secret");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_changed_bind_moves_the_listener_and_the_old_address_is_closed()
    {
        var before = Http;
        var port = FreePort();
        Assert.Equal(HttpStatusCode.OK, await PutAsync("""{"listeners":{"http":{"bind":"127.0.0.1:PORT"}}}""", port));
        Assert.Equal($"http://127.0.0.1:{port}", Http);
        await AnswersAsync(Http);
        await RefusesAsync(before);
        Assert.Equal(HttpStatusCode.OK, await PutAsync("""{"listeners":{"http":{"bind":"127.0.0.1:PORT","backlog":77}}}""", port));
        await AnswersAsync(Http);
    }

    [Theory]
    [InlineData("""{"listeners":{"http":{"bind":"127.0.0.1:PORT"}}}""")]
    [InlineData("""{"listeners":{"http":{"bind":"127.0.0.1:FREE"},"https":{"bind":"127.0.0.1:PORT"}}}""")]
    [InlineData("""{"listeners":{"http":{"bind":"192.0.2.77:18083"}}}""")]
    [InlineData("""{"listeners":{"https":{"bind":"127.0.0.1:FREE","ssl_options":{"certfile":"/nosuch.pem","keyfile":"/nosuch.pem"}}}}""")]
    public async Task An_address_or_a_certificate_that_cannot_be_had_is_refused_and_all_stays(string change)
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var before = Http;
        var text = change.Replace("PORT", $"{((IPEndPoint)busy.LocalEndpoint).Port}", StringComparison.Ordinal).Replace("FREE", $"{FreePort()}", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(text));
        Assert.StartsWith("127.0.0.1:0", await BindAsync(), StringComparison.Ordinal);
        await AnswersAsync(Http);
        if (!change.Contains("FREE", StringComparison.Ordinal))
            Assert.Equal(before, Http);
        using var hocon = new StringContent($"dashboard {text}", Encoding.UTF8, "text/plain");
        using var answer = await _client.PutAsync(new Uri($"{Http}/api/v5/configs"), hocon);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"dashboard\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nosuch.pem"), InlineData("/dev/null")]
    public async Task A_certificate_that_cannot_be_used_is_named(string certificate)
    {
        using var body = Answers.Json($$$$$"""{"listeners":{"https":{"bind":"127.0.0.1:{{{{{FreePort()}}}}}","ssl_options":{"certfile":"{{{{{certificate}}}}}","keyfile":"{{{{{certificate}}}}}"}}}}""");
        using var answer = await _client.PutAsync(new Uri($"{Http}/api/v5/configs/dashboard"), body);
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        var reason = JsonDocument.Parse(await answer.MessageAsync()).RootElement;
        Assert.Equal(("bad_ssl_config", "dashboard.listeners.https.ssl_options"), (reason.GetProperty("reason").GetString(), reason.GetProperty("path").GetString()));
        Assert.StartsWith($"{certificate} cannot be used: ", reason.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_whose_second_root_is_refused_leaves_the_listener_where_it_was()
    {
        using var hocon = new StringContent($"dashboard.listeners.http.bind = \"127.0.0.1:{FreePort()}\"\nlog.file.default {{ enable = true, path = \"/dev/null/x.log\" }}", Encoding.UTF8, "text/plain");
        var port = FreePort();
        Assert.Equal(HttpStatusCode.OK, await PutAsync("""{"listeners":{"http":{"bind":"127.0.0.1:PORT"}}}""", port));
        using var answer = await _client.PutAsync(new Uri($"{Http}/api/v5/configs"), hocon);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"log\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal($"http://127.0.0.1:{port}", Http);
        await AnswersAsync(Http);
    }

    [Fact]
    public async Task Https_is_served_where_it_has_an_address_and_closed_where_it_has_none()
    {
        Assert.DoesNotContain(_app.Urls, url => url.StartsWith("https:", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await PutAsync("""{"listeners":{"https":{"bind":"127.0.0.1:PORT"}}}""", FreePort()));
        var https = Assert.Single(_app.Urls, url => url.StartsWith("https:", StringComparison.Ordinal));
        await AnswersAsync(https);
        await AnswersAsync(Http);
        Assert.Equal(HttpStatusCode.OK, await PutAsync("""{"listeners":{"https":{"bind":0}}}"""));
        await RefusesAsync(https);
        await AnswersAsync(Http);
    }

    private string Http => _app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal));

    private async Task<HttpStatusCode> PutAsync(string change, int port = 0)
    {
        using var body = new StringContent(change.Replace("PORT", $"{port}", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var answer = await _client.PutAsync(new Uri($"{Http}/api/v5/configs/dashboard"), body);
        return answer.StatusCode;
    }

    private async Task<string> BindAsync()
    {
        using var answer = await _client.GetAsync(new Uri($"{Http}/api/v5/configs/dashboard"));
        return (await answer.JsonAsync()).GetProperty("listeners").GetProperty("http").GetProperty("bind").GetString()!;
    }

    private async Task AnswersAsync(string address)
    {
        using var answer = await _client.GetAsync(new Uri($"{address}/api/v5/status"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Its connections may finish what they do; new ones are refused.</summary>
    private static async Task RefusesAsync(string address)
    {
        using var stop = new CancellationTokenSource(s_patience);
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(new Uri(address).Host, new Uri(address).Port, stop.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static WebApplication Compose()
    {
        var configuration = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, new Dictionary<string, string>
        {
            ["EMQX_NODE__DATA_DIR"] = ":memory:",
            ["EMQX_DASHBOARD__LISTENERS__HTTP__BIND"] = "127.0.0.1:0",
            ["EMQX_LISTENERS__TCP__DEFAULT__ENABLE"] = "false",
            ["EMQX_LISTENERS__SSL__DEFAULT__ENABLE"] = "false",
            ["EMQX_LISTENERS__WS__DEFAULT__ENABLE"] = "false",
            ["EMQX_LISTENERS__WSS__DEFAULT__ENABLE"] = "false",
        }), new Dictionary<string, string>(), out _)!;
        var app = NodeHost.CreateBuilder(configuration).Build();
        app.MapManagementApi();
        return app;
    }
}
