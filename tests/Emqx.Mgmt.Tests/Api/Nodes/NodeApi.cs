using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Hosting;
using Emqx.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Nodes;

/// <summary>The whole node in memory: real API and broker, listeners without sockets, a clock that the test moves.</summary>
internal sealed class NodeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private NodeApi(WebApplication app, HttpClient http, ManualClock time, FakeSockets sockets)
    {
        (_app, _http, Time, Sockets) = (app, http, time, sockets);
    }

    public const string Node = "emqx@127.0.0.1";

    public ManualClock Time { get; }
    public FakeSockets Sockets { get; }
    public IServiceProvider Services => _app.Services;

    /// <summary>The client without credentials.</summary>
    public HttpClient Http => _http;

    public static async Task<NodeApi> StartAsync(Action<IServiceCollection>? change = null, string dataFolder = ":memory:",
        params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> environment = new()
        {
            ["EMQX_NODE__DATA_DIR"] = dataFolder, ["EMQX_DASHBOARD__DEFAULT_USERNAME"] = "admin", ["EMQX_DASHBOARD__DEFAULT_PASSWORD"] = "public",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        var configuration = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, environment), new Dictionary<string, string>(), out var failures);
        Assert.True(configuration is not null, string.Join('\n', failures));

        var builder = NodeHost.CreateBuilder(configuration);
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var time = new ManualClock(new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero));
        var sockets = new FakeSockets();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(new NodeIdentity(configuration.NodeName, time.GetUtcNow().ToUnixTimeMilliseconds() - 5000, dataFolder));
        builder.Services.AddSingleton<IMqttListeners>(sockets);
        change?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapManagementApi();
        await app.StartAsync();
        var api = new NodeApi(app, app.GetTestClient(), time, sockets);
        await api.LogInAsync();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Sends a request below api/v5; gives status and body.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v5" + path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>GET of JSON that must be a 200.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {(int)status} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Sends a request that must fail with this status and code.</summary>
    public async Task<string> FailsAsync(HttpMethod method, string path, int status, string code, string? json = null)
    {
        var (actual, body) = await SendAsync(method, path, json);
        Assert.True((int)actual == status, $"{method} {path}: {(int)actual} {body}");
        var failure = JsonDocument.Parse(body).RootElement;
        Assert.Equal(code, failure.GetProperty("code").GetString());
        return failure.GetProperty("message").GetString()!;
    }

    private async Task LogInAsync()
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/login", """{"username":"admin","password":"public"}""");
        Assert.True(status == HttpStatusCode.OK, $"login: {(int)status} {body}");
        var token = JsonDocument.Parse(body).RootElement.GetProperty("token").GetString();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }
}

/// <summary>Listeners without sockets. An address may be held by one of them only.</summary>
internal sealed class FakeSockets : IMqttListeners
{
    private readonly Dictionary<string, ListenerState> _open = [];

    /// <summary>What was done, in order: start, update or stop and the id.</summary>
    public List<string> Log { get; } = [];

    public Task StartAsync(ListenerSettings settings, CancellationToken cancellation)
    {
        lock (_open)
        {
            if (_open.Values.Any(one => one.Settings.Bind.Equals(settings.Bind)))
                throw new IOException("address in use");
            _open[settings.Id] = new ListenerState(settings, settings.Bind, 0);
            Log.Add("start " + settings.Id);
        }

        return Task.CompletedTask;
    }

    public void RereadCertificates()
    {
    }

    public Task StopAsync(string id, CancellationToken cancellation)
    {
        lock (_open)
            if (_open.Remove(id))
                Log.Add("stop " + id);
        return Task.CompletedTask;
    }

    public Task UpdateAsync(ListenerSettings settings, CancellationToken cancellation)
    {
        lock (_open)
        {
            _open[settings.Id] = _open[settings.Id] with { Settings = settings };
            Log.Add("update " + settings.Id);
        }

        return Task.CompletedTask;
    }

    public Task ShutDownAsync(CancellationToken cancellation)
    {
        lock (_open)
            _open.Clear();
        return Task.CompletedTask;
    }

    public ListenerState? Find(string id)
    {
        lock (_open)
            return _open.GetValueOrDefault(id);
    }
}
