using System.Globalization;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Http;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>A service that is asked over HTTP: bounds on what it may take and answer.</summary>
public sealed class HttpBackendTests
{
    private const int LongestAnswer = 1000;
    private static readonly CancellationToken s_never = CancellationToken.None;

    [Fact]
    public async Task An_answer_comes_back_with_its_type_and_body()
    {
        await using var service = AccessService.Always(200, """{"a":1}""", "application/json; charset=utf-8");
        using var backend = Backend(service.Url);
        Assert.Equal(ResourceStatus.Connecting, backend.Status);
        var answer = await AskAsync(backend, service.Url);
        Assert.Equal((200, "application/json; charset=utf-8", """{"a":1}"""), (answer!.Value.Status, answer.Value.ContentType, System.Text.Encoding.UTF8.GetString(answer.Value.Body.Span)));
        Assert.Equal(ResourceStatus.Connected, backend.Status);
        Assert.Equal((1, 1, 0), Counts(backend));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    [InlineData(302)]
    public async Task Another_status_is_an_answer_and_counts_as_failed(int status)
    {
        await using var service = new AccessService(_ => AccessService.Says(status).Replace("Content-Length", "Location: /elsewhere\r\nContent-Length", StringComparison.Ordinal));
        using var backend = Backend(service.Url);
        Assert.Equal(status, (await AskAsync(backend, service.Url))!.Value.Status);
        Assert.Single(service.Requests);
        Assert.Equal((1, 0, 1), Counts(backend));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_is_too_long_is_none(bool tellsLength)
    {
        var body = new string('x', LongestAnswer + 1);
        await using var service = new AccessService(_ => tellsLength ? AccessService.Says(200, body)
            : string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n"));
        using var backend = Backend(service.Url);
        Assert.Null(await AskAsync(backend, service.Url));
        Assert.Equal((1, 0, 1), Counts(backend));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_disconnected_until_it_is_back()
    {
        string url;
        await using (var gone = AccessService.Always(204))
            url = gone.Url;
        var clock = new ManualClock();
        using var backend = Backend(url, clock);
        Assert.Null(await AskAsync(backend, url));
        Assert.Equal(ResourceStatus.Disconnected, await backend.CheckAsync(s_never));
        Assert.Equal((1, 0, 1), Counts(backend));
    }

    [Fact]
    public async Task The_status_is_asked_anew_after_a_moment()
    {
        var clock = new ManualClock();
        var service = AccessService.Always(204);
        using var backend = Backend(service.Url, clock);
        Assert.Equal(ResourceStatus.Connected, await backend.CheckAsync(s_never));
        await service.DisposeAsync();
        Assert.Equal(ResourceStatus.Connected, await backend.CheckAsync(s_never));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ResourceStatus.Disconnected, await backend.CheckAsync(s_never));
        Assert.Equal((0, 0, 0), Counts(backend));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_holds_nobody_longer_than_the_timeout()
    {
        var clock = new ManualClock();
        await using var service = new AccessService(static _ => null);
        using var backend = Backend(service.Url, clock);
        var first = AskAsync(backend, service.Url).AsTask();
        var second = AskAsync(backend, service.Url).AsTask();
        await service.RequestsAsync(2);
        var third = AskAsync(backend, service.Url).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(first, second, third).WaitAsync(Patience.Long, TestContext.Current.CancellationToken), static answer => Assert.Null(answer));
        Assert.Equal(2, service.Requests.Length);
        Assert.Equal((3, 0, 3), Counts(backend));
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_given_up_with_the_timeout()
    {
        var clock = new ManualClock();
        await using var service = new AccessService(static _ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        using var backend = Backend(service.Url, clock);
        var asked = AskAsync(backend, service.Url).AsTask();
        await Eventually.TrueAsync(() => backend.Status == ResourceStatus.Connected, "the head of the answer");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task So_many_are_asked_at_a_time_and_the_others_wait_for_their_turn()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = AccessService.Always(204);
        service.Opens = open.Task;
        using var backend = Backend(service.Url);
        var all = Enumerable.Range(0, 10).Select(_ => AskAsync(backend, service.Url).AsTask()).ToArray();
        await service.RequestsAsync(2);
        Assert.Equal(2, service.Connections);
        open.SetResult();
        Assert.All(await Task.WhenAll(all).WaitAsync(Patience.Long, TestContext.Current.CancellationToken), static answer => Assert.Equal(204, answer!.Value.Status));
        Assert.Equal(2, service.Connections);
        Assert.Equal(10, service.Requests.Length);
    }

    [Fact]
    public async Task Who_gives_up_does_not_keep_the_turn()
    {
        await using var service = new AccessService(static _ => null);
        using var backend = Backend(service.Url);
        using var given = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 5).Select(_ => AskAsync(backend, service.Url, given.Token).AsTask()).ToArray();
        await service.RequestsAsync(2);
        service.Answer = static _ => AccessService.Says(204);
        await given.CancelAsync();
        foreach (var one in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(204, (await AskAsync(backend, service.Url))!.Value.Status);
    }

    [Fact]
    public async Task A_connection_that_was_given_up_by_the_service_is_replaced()
    {
        var answers = 0;
        await using var service = new AccessService(_ => Interlocked.Increment(ref answers) == 2 ? "" : AccessService.Says(204));
        using var backend = Backend(service.Url);
        Assert.Equal(204, (await AskAsync(backend, service.Url))!.Value.Status);
        Assert.Equal(204, (await AskAsync(backend, service.Url))!.Value.Status);
        Assert.Equal((2, 2, 0), Counts(backend));
    }

    [Fact]
    public async Task What_is_gone_answers_nothing()
    {
        await using var service = AccessService.Always(204);
        var backend = Backend(service.Url);
        backend.Dispose();
        Assert.Null(await AskAsync(backend, service.Url));
        Assert.Empty(service.Requests);
    }

    private static HttpBackend Backend(string url, TimeProvider? time = null) => new(new(AccessUrl.Parse(url, out _)!, PoolSize: 2, TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(time is null ? 600 : 5), LongestAnswer, new ClientTlsSettings(new TlsSettings(), null)), time ?? TimeProvider.System, NullLogger.Instance);

    private static ValueTask<HttpAnswer?> AskAsync(HttpBackend backend, string url, CancellationToken cancellation = default)
    {
        var fields = new ConfigObject(new() { ["method"] = "post", ["body"] = new ConfigObject(new() { ["a"] = "b" }) });
        return backend.AskAsync(new RequestTemplate(AccessUrl.Parse(url, out _)!, new SettingsReader(fields), TemplateNames.None), default, cancellation);
    }

    private static (long Matched, long Success, long Failed) Counts(HttpBackend backend)
    {
        var read = backend.ResourceMetrics.Read();
        return (read.Total, read.Positive, read.Negative);
    }
}
