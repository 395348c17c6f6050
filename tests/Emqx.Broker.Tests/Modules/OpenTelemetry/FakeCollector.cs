using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Emqx.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>A collector of OpenTelemetry on a free port of loopback: it keeps what it is sent and answers as it is told.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly Channel<Sent> _sent = Channel.CreateUnbounded<Sent>();
    private readonly CancellationTokenSource _over = new();
    private readonly WebApplication _app;
    private volatile Task _gate = Task.CompletedTask;
    private volatile int _status;

    private FakeCollector(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    /// <summary>One request.</summary>
    /// <param name="Signal">metrics, logs or trace.</param>
    internal sealed record Sent(string Signal, IHeaderDictionary Headers, ProtoFields Body);

    public string Url { get; private set; } = "";

    /// <summary>Requests are not answered before that.</summary>
    public Task Gate
    {
        set => _gate = value;
    }

    /// <summary>gRPC's status of the answers.</summary>
    public int Status
    {
        set => _status = value;
    }

    public static async Task<FakeCollector> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var collector = new FakeCollector(builder.Build());
        await collector._app.StartAsync();
        var address = collector._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        collector.Url = address;
        return collector;
    }

    /// <summary>The next request about that; others are forgotten.</summary>
    public async Task<Sent> NextAsync(string signal)
    {
        while (true)
        {
            if (await _sent.Reader.ReadAsync().AsTask().WaitAsync(Patience.Long) is var sent && sent.Signal == signal)
                return sent;
        }
    }

    /// <summary>The spans of the requests that come until there are as many.</summary>
    public async Task<List<ProtoFields>> SpansAsync(int count)
    {
        List<ProtoFields> spans = [];
        while (spans.Count < count)
            spans.AddRange((await NextAsync("trace")).Body.At(1, 2, 2));
        return spans;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _app.DisposeAsync();
        _over.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        Assert(bytes.Length - 5 == BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)), "a frame of gRPC");
        await _sent.Writer.WriteAsync(new(context.Request.Path.Value!.Split('.')[^3], context.Request.Headers, new(bytes.AsMemory(5))));
        await _gate.WaitAsync(_over.Token);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", _status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Assert(bool holds, string what)
    {
        if (!holds)
            throw new ExpectationException($"not {what}");
    }
}
