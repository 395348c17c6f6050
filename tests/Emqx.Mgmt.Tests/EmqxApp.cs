using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Mgmt.Tests;

/// <summary>The whole server without sockets: HTTP in process, no MQTT listener, data in memory, an API key at hand.</summary>
public class EmqxApp : WebApplicationFactory<Program>
{
    private const string Key = "test-key";
    private const string Secret = "test-secret";

    /// <summary>Set before Program reads its configuration.</summary>
    [ModuleInitializer]
    internal static void PrepareEnvironment()
    {
        Environment.SetEnvironmentVariable("EMQX_NODE__DATA_DIR", ":memory:");
        Environment.SetEnvironmentVariable("EMQX_DASHBOARD__LISTENERS__HTTP__BIND", "127.0.0.1:0");
        foreach (var type in (string[])["TCP", "SSL", "WS", "WSS"])
            Environment.SetEnvironmentVariable($"EMQX_LISTENERS__{type}__DEFAULT__ENABLE", "false");
    }

    /// <summary>The clock of the server; a test may put its own in place before the first request.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>More or other services, last of all.</summary>
    public Action<IServiceCollection> With { get; init; } = static _ => { };

    /// <summary>A client that sends no credentials and follows no redirects.</summary>
    public HttpClient Anonymous() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>A client with an API key.</summary>
    public HttpClient WithKey()
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = Basic(Key, Secret);
        return client;
    }

    /// <summary>A client with a dashboard token.</summary>
    public async Task<HttpClient> WithTokenAsync(string username = "admin", string password = "public")
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync(username, password));
        return client;
    }

    /// <summary>A dashboard token.</summary>
    public async Task<string> TokenAsync(string username = "admin", string password = "public")
    {
        using var client = Anonymous();
        using var answer = await client.PostAsJsonAsync("/api/v5/login", new { username, password });
        return (await answer.JsonAsync()).GetProperty("token").GetString()!;
    }

    /// <summary>An Authorization header of an API key.</summary>
    public static AuthenticationHeaderValue Basic(string key, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{secret}")));

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.ConfigureLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning)).ConfigureServices(services =>
    {
        services.Replace(ServiceDescriptor.Singleton(Time));
        services.Replace(ServiceDescriptor.Singleton(new PasswordRounds(1_000)));
        With(services);
    });

    protected override IHost CreateHost(IHostBuilder builder)
    {
        var host = base.CreateHost(builder);
        host.Services.GetRequiredService<ApiKeyRing>().BootstrapAsync("from_test", Key, Secret, CancellationToken.None).GetAwaiter().GetResult();
        return host;
    }
}

/// <summary>Reads answers.</summary>
internal static class Answers
{
    /// <summary>The body as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Status and error code, <c>400 BAD_REQUEST</c>.</summary>
    public static async Task<string> FailureAsync(this HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {(await answer.JsonAsync()).GetProperty("code").GetString()}";

    /// <summary>The error's message.</summary>
    public static async Task<string> MessageAsync(this HttpResponseMessage answer) => (await answer.JsonAsync()).GetProperty("message").GetString()!;

    /// <summary>A JSON body that is sent byte for byte.</summary>
    public static StringContent Json(string text, string type = "application/json") => new(text, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
}
