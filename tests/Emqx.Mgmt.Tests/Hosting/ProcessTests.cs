using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>The process: start, wrong configuration, stop, restart, kill.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-process").FullName;

    [Theory]
    [InlineData("EMQX_MQTT__MAX_QOS_ALLOWED", "9", "mqtt.max_qos_allowed"), InlineData("EMQX_MQTT__MAX_INFLIGHT", "abc", "mqtt.max_inflight")]
    [InlineData("EMQX_LISTENERS__TCP__DEFAULT__BIND", "junk", "listeners.tcp.default.bind")]
    public async Task A_wrong_value_ends_the_start_with_its_path(string variable, string value, string path)
    {
        await using var server = ServerProcess.Launch(_folder, (variable, value));
        Assert.Equal(1, (await server.ExitAsync()).Code);
        Assert.Contains(path, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_under_a_known_root_is_a_warning()
    {
        await using var server = await ServerProcess.StartAsync(_folder, ("EMQX_MQTT__NOSUCH", "1"), ("EMQX_FOO__BAR", "1"));
        Assert.Contains("EMQX_MQTT__NOSUCH", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("EMQX_FOO__BAR", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_tells_clients_publishes_wills_and_is_quick()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        await using var watcher = await server.ConnectAsync(new ConnectOptions());
        await watcher.SubscribeAsync("will/1", 1);
        await using var dying = await server.ConnectAsync(new ConnectOptions { Will = new Will("will/1", "bye"u8.ToArray()) });
        await using var old = await server.ConnectAsync(new ConnectOptions { Version = 4 });
        server.Signal("TERM");
        Assert.Equal(0x8B, (await dying.ExpectAsync(PacketType.Disconnect)).ReasonCode);
        var first = await watcher.ReadAsync();
        if (first.Type == PacketType.Publish)
            first = await watcher.ReadAsync();
        Assert.Equal((PacketType.Disconnect, 0x8B), (first.Type, first.ReasonCode));
        await old.ExpectClosedAsync();
        var (code, took) = await server.ExitAsync();
        Assert.Equal(0, code);
        Assert.True(took < TimeSpan.FromSeconds(2), $"took {took}");
    }

    [Fact]
    public async Task What_got_its_answer_outlives_a_kill()
    {
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            using var ban = new StringContent("""{"as":"clientid","who":"bad","reason":"test"}""", Encoding.UTF8, "application/json");
            using var banned = await server.Http.PostAsync(new Uri("api/v5/banned", UriKind.Relative), ban);
            Assert.Equal(HttpStatusCode.OK, banned.StatusCode);
            server.Signal("KILL");
            await server.ExitAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder);
        var answer = await again.Http.GetStringAsync(new Uri("api/v5/banned", UriKind.Relative));
        Assert.Contains("\"who\":\"bad\"", answer, StringComparison.Ordinal);
        await using var client = await RawMqttClient.OpenTcpAsync(again.Mqtt);
        Assert.Equal(0x8A, (await client.ConnectAsync(new ConnectOptions { ClientId = "bad" })).ReasonCode);
    }

    [Fact]
    public async Task A_delayed_message_that_was_acknowledged_outlives_a_kill_and_comes()
    {
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            await using var sender = await server.ConnectAsync(new ConnectOptions());
            Assert.Equal(0x10, await sender.PublishAsync("$delayed/3600/later", "never seen", qos: 1));
            Assert.Equal(0x10, await sender.PublishAsync("$delayed/8/soon", "seen", qos: 1));
            server.Signal("KILL");
            await server.ExitAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder);
        await using var watcher = await again.ConnectAsync(new ConnectOptions());
        await watcher.SubscribeAsync("soon", 1);
        Assert.Contains("\"topic\":\"later\"", await again.Http.GetStringAsync(new Uri("api/v5/mqtt/delayed/messages", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal("seen", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_token_that_was_seen_ended_is_not_back_after_a_kill()
    {
        const int Count = 30;
        var tokens = new List<string>();
        var ended = new ConcurrentBag<string>();
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            for (var i = 0; i < Count; i++)
                tokens.Add(await LoginAsync(server.Http));
            var logouts = tokens.Select(token => EndAsync(server.Http, token, ended)).Concat(tokens.Select(token => WatchAsync(server.Http, token, ended))).ToArray();
            while (ended.Count < Count / 3)
                await Task.Yield();
            server.Signal("KILL");
            await Task.WhenAll(logouts);
        }

        await using var again = await ServerProcess.StartAsync(_folder);
        foreach (var token in ended)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(again.Http, HttpMethod.Get, "api/v5/users", token));
    }

    private static async Task<string> LoginAsync(HttpClient http)
    {
        using var answer = await http.PostAsync(new Uri("api/v5/login", UriKind.Relative), Answers.Json("""{"username":"admin","password":"public"}"""));
        return (await answer.JsonAsync()).GetProperty("token").GetString()!;
    }

    private static async Task EndAsync(HttpClient http, string token, ConcurrentBag<string> ended)
    {
        if (await StatusOfAsync(http, HttpMethod.Post, "api/v5/logout", token) == HttpStatusCode.NoContent)
            ended.Add(token);
    }

    /// <summary>Uses a token until it is ended or the server is gone.</summary>
    private static async Task WatchAsync(HttpClient http, string token, ConcurrentBag<string> ended)
    {
        HttpStatusCode? status;
        do
            status = await StatusOfAsync(http, HttpMethod.Get, "api/v5/users", token);
        while (status == HttpStatusCode.OK);
        if (status is not null)
            ended.Add(token);
    }

    private static async Task<HttpStatusCode?> StatusOfAsync(HttpClient http, HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Headers = { Authorization = new("Bearer", token) } };
        if (method == HttpMethod.Post)
            request.Content = Answers.Json("""{"username":"admin"}""");
        try
        {
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // the server is gone
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
