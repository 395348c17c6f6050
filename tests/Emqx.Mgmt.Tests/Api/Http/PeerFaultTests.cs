using System.Net.Sockets;
using System.Text;
using Emqx.Broker.Storage.Backups;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>What peers do wrong or break off is answered where that can be, and never logged above debug.</summary>
public sealed class PeerFaultTests : IClassFixture<PeerFaultTests.SocketApp>
{
    private const string Head = "POST /api/v5/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private const string Key = "Authorization: Basic dGVzdC1rZXk6dGVzdC1zZWNyZXQ=\r\n";
    private const string File = "/api/v5/data/files/emqx-export-2024-01-01-00-00-00.000.tar.gz";
    private readonly SocketApp _app;

    public PeerFaultTests(SocketApp app) => _app = app;

    [Theory]
    [InlineData("Content-Length: 1073741824\r\n\r\n", 413)]
    [InlineData("Content-Length: 16385\r\n\r\n", 413)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{}ZZ\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX2\r\n", 400)]
    [InlineData("Content-Length: -1\r\n\r\n", 400)]
    [InlineData("Content-Length: 99999999999999999999999\r\n\r\n", 400)]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400)]
    public async Task A_body_that_breaks_HTTP_or_its_limit_is_refused_in_silence(string rest, int status)
    {
        var answer = await ExchangeAsync(Head + rest);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        Assert.Empty(_app.Log.Lines);
    }

    [Theory]
    [InlineData("/login", 16)]
    [InlineData("/banned", 1024)]
    public async Task A_body_in_chunks_is_held_to_the_limit_of_its_operation(string path, int kilobytes)
    {
        var chunk = $"400\r\n{new string(' ', 1024)}\r\n";
        var head = $"POST /api/v5{path} HTTP/1.1\r\nHost: x\r\n{Key}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        var body = new StringBuilder(head).Insert(head.Length, chunk, kilobytes).Append("1\r\n \r\n0\r\n\r\n").ToString();
        Assert.StartsWith("HTTP/1.1 413 ", await ExchangeAsync(body), StringComparison.Ordinal);
        Assert.Empty(_app.Log.Lines);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"username\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"us")]
    [InlineData("Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")]
    public async Task A_peer_that_leaves_in_the_middle_of_its_body_is_passed_over(string rest)
    {
        await LeaveAsync(Head + rest, reset: false);
        await LeaveAsync(Head + rest, reset: true);
        Assert.Empty(_app.Log.Lines);
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("endless")]
    public async Task A_peer_that_leaves_while_it_is_answered_is_passed_over(string way)
    {
        await LeaveAsync($"GET {File}?node={way} HTTP/1.1\r\nHost: x\r\n{Key}\r\n", reset: true);
        Assert.Empty(_app.Log.Lines);
    }

    [Fact]
    public async Task What_breaks_inside_is_logged_and_not_told()
    {
        await using var app = new SocketApp();
        var answer = await ExchangeAsync($"GET {File}?node=broken HTTP/1.1\r\nHost: x\r\n{Key}Connection: close\r\n\r\n", app);
        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"code":"INTERNAL_ERROR","message":"Server inter error","reason":"Server inter error"}""", answer, StringComparison.Ordinal);
        Assert.Single(app.Log.Lines);
    }

    private Task<string> ExchangeAsync(string request) => ExchangeAsync(request, _app);

    private static async Task<string> ExchangeAsync(string request, SocketApp app)
    {
        using var socket = new TcpClient(app.Address.Host, app.Address.Port);
        await using var stream = socket.GetStream();
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var some = new char[4096];
            for (int read; (read = await reader.ReadAsync(some)) > 0;)
                answer.Append(some, 0, read);
        }
        catch (IOException)
        {
            // Reset after the answer, as it did not read all that was sent.
        }

        return answer.ToString();
    }

    /// <summary>Forgets the requests before.</summary>
    private static async Task DrainAsync(SemaphoreSlim seen)
    {
        while (await seen.WaitAsync(TimeSpan.Zero))
        {
        }
    }

    /// <summary>Sends, leaves, and waits until the server has seen it.</summary>
    private async Task LeaveAsync(string request, bool reset)
    {
        await Task.WhenAll(DrainAsync(_app.Begun), DrainAsync(_app.Ended));
        using (var socket = new TcpClient(_app.Address.Host, _app.Address.Port))
        {
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await _app.Begun.WaitAsync(TimeSpan.FromSeconds(60));
            if (reset)
                socket.LingerState = new LingerOption(true, 0);
        }

        Assert.True(await _app.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    /// <summary>The server on a real port, whose log and requests are heard.</summary>
    public sealed class SocketApp : EmqxApp, IStartupFilter
    {
        public SocketApp()
        {
            With = services => services.AddSingleton<ILoggerProvider>(Log).AddSingleton<IStartupFilter>(this).AddSingleton<IBackupStore, OddBackups>();
            UseKestrel(0);
            StartServer();
        }

        internal HeardLog Log { get; } = new();

        public SemaphoreSlim Begun { get; } = new(0);

        public SemaphoreSlim Ended { get; } = new(0);

        public Uri Address => ClientOptions.BaseAddress;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
        {
            builder.Use(inner => context => WatchAsync(context, inner));
            next(builder);
        };

        private async Task WatchAsync(HttpContext context, RequestDelegate next)
        {
            Begun.Release();
            try
            {
                await next(context);
            }
            finally
            {
                Ended.Release();
            }
        }
    }

    /// <summary>Files that break, never come, or never end.</summary>
    private sealed class OddBackups : IBackupStore
    {
        public ValueTask<BackupAddition> AddAsync(string name, Func<Stream, ValueTask> write, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<BackupFile>> ListAsync(CancellationToken cancellation) => new([]);

        public async ValueTask<BackupOpening> OpenAsync(string? node, string name, CancellationToken cancellation)
        {
            if (node == "broken")
                throw new InvalidOperationException("what nobody is to read");
            if (node == "slow")
                await Task.Delay(Timeout.Infinite, cancellation);
            return new(BackupOutcome.Done, new MemoryStream(new byte[64 * 1024 * 1024]));
        }

        public ValueTask<BackupOutcome> DeleteAsync(string? node, string name, CancellationToken cancellation) => new(BackupOutcome.UnknownFile);
    }
}
