using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>Which traces there are, when they run, and what is left of them.</summary>
public sealed class TraceListTests : IAsyncLifetime
{
    private readonly ManualClock _time = new(DateTimeOffset.FromUnixTimeSeconds(1_795_375_517));
    private readonly InMemoryTraceStore _store = new();
    private TestBroker _broker = null!;
    private TraceList _traces = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(time: _time, configure: services => services.AddSingleton<ITraceStore>(_store));
        _traces = _broker.Get<TraceList>();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private Task<TraceCreation> Create(string name, string? clientId = "c", long? start = null, long? end = null, TraceType type = TraceType.Clientid) =>
        _traces.CreateAsync(new TraceWish(name, type, clientId, PayloadEncode.Text, IsJson: false, start, end), None).AsTask();

    private async Task<string> States() => string.Join(' ', (await _traces.ListAsync(None)).Select(state => $"{state.Trace.Name}:{state.Status}"));

    private async Task Pass(long seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await _traces.TickAsync(Now * 1000, None);
    }

    [Fact]
    public async Task A_trace_runs_from_now_for_ten_minutes_unless_told_otherwise()
    {
        var made = (await Create("t")).Made!;
        Assert.Equal((Now, Now + 600, "running"), (made.Trace.StartAt, made.Trace.EndAt, made.Status));
        Assert.Equal(0, made.Sizes["test@127.0.0.1"]);
        Assert.Equal(made.Trace, Assert.Single(await _store.LoadAsync(None)));
    }

    [Fact]
    public async Task It_waits_runs_and_stops_by_the_clock()
    {
        await Create("t", start: Now + 10, end: Now + 20);
        Assert.Equal("t:waiting", await States());
        Assert.Empty((await _traces.DescribeLogsAsync("t", None))!);
        Assert.Null(_broker.Get<BrokerHooks>().PacketWatcher);
        await Pass(10);
        Assert.Equal("t:running", await States());
        Assert.Equal(0, Assert.Single((await _traces.DescribeLogsAsync("t", None))!).Facts.Size);
        Assert.NotNull(_broker.Get<BrokerHooks>().PacketWatcher);
        await Pass(10);
        Assert.Equal("t:stopped", await States());
        Assert.Null(_broker.Get<BrokerHooks>().PacketWatcher);
    }

    [Fact]
    public async Task Stopping_can_be_repeated_and_stays()
    {
        await Create("t");
        Assert.True(await _traces.StopAsync("t", None));
        Assert.True(await _traces.StopAsync("t", None));
        Assert.False(await _traces.StopAsync("other", None));
        Assert.Equal("t:stopped", await States());
        Assert.False(Assert.Single(await _store.LoadAsync(None)).Enable);
    }

    [Fact]
    public async Task The_latest_start_comes_first()
    {
        await Create("old", start: Now - 50);
        await Create("new");
        await Create("next", start: Now + 50);
        Assert.Equal("next:waiting new:running old:running", await States());
    }

    [Theory]
    [InlineData(null, null, null, "required clientid field")]
    [InlineData("c", null, -1L, "end_at time has already passed")]
    [InlineData("c", null, 0L, "end_at time has already passed")]
    [InlineData("c", 20L, 20L, "failed by start_at >= end_at")]
    [InlineData("c", 20L, 10L, "failed by start_at >= end_at")]
    public async Task What_is_wrong_is_told_and_nothing_is_made(string? clientId, long? start, long? end, string reason)
    {
        var creation = await Create("t", clientId, Now + start, Now + end);
        Assert.Equal((TraceOutcome.Invalid, reason), (creation.Outcome, creation.Reason));
        Assert.Equal("", await States());
        Assert.Empty(await _store.LoadAsync(None));
    }

    [Fact]
    public async Task Names_and_conditions_are_unique()
    {
        await Create("t");
        Assert.Equal((TraceOutcome.NameTaken, "t"), await Outcome(Create("t", "other")));
        Assert.Equal((TraceOutcome.DuplicateCondition, "t"), await Outcome(Create("u")));
        Assert.Equal(TraceOutcome.Done, (await Create("u", start: Now - 1)).Outcome);
        Assert.Equal(TraceOutcome.Done, (await Create("v", type: TraceType.Ruleid)).Outcome);

        static async Task<(TraceOutcome, string)> Outcome(Task<TraceCreation> creating) => await creating is var creation ? (creation.Outcome, creation.Reason) : default;
    }

    [Fact]
    public async Task There_are_thirty_at_most()
    {
        for (var i = 0; i < 30; i++)
            Assert.Equal(TraceOutcome.Done, (await Create($"t{i}", $"c{i}")).Outcome);
        Assert.Equal(TraceOutcome.Invalid, (await Create("more", "more")).Outcome);
        Assert.True(await _traces.DeleteAsync("t7", None));
        Assert.Equal(TraceOutcome.Done, (await Create("more", "more")).Outcome);
    }

    [Fact]
    public async Task A_trace_that_is_deleted_is_gone_with_its_log_and_its_name_is_free()
    {
        await Create("t");
        Assert.True(await _traces.DeleteAsync("t", None));
        Assert.False(await _traces.DeleteAsync("t", None));
        Assert.Equal(("", TraceOutcome.UnknownTrace), (await States(), (await _traces.ReadLogAsync("t", null, 0, 10, None)).Outcome));
        Assert.Null(await _traces.DescribeLogsAsync("t", None));
        await Create("t");
        await _traces.ResetAsync(None);
        Assert.Empty(await _store.LoadAsync(None));
        Assert.Null(_broker.Get<BrokerHooks>().PacketWatcher);
    }

    [Fact]
    public async Task After_a_restart_those_go_on_that_this_server_can_run()
    {
        await Create("t");
        await Create("stopped", "d");
        await _traces.StopAsync("stopped", None);
        var stored = (await _store.LoadAsync(None))[0];
        await _store.SaveAsync(stored with { Name = "../../x" }, None);
        await _store.SaveAsync(stored with { Name = "future", Type = "username" }, None);

        await _broker.DisposeAsync();
        await InitializeAsync();
        Assert.Equal("t:running stopped:stopped", await States());
        Assert.NotNull(_broker.Get<BrokerHooks>().PacketWatcher);
    }

    [Fact]
    public async Task A_log_on_another_node_is_not_found()
    {
        await Create("t");
        Assert.Equal(TraceOutcome.UnknownNode, (await _traces.ReadLogAsync("t", "other@h", 0, 10, None)).Outcome);
        Assert.Equal(TraceOutcome.UnknownNode, (await _traces.OpenLogsAsync("t", "other@h", None)).Outcome);
        Assert.Empty((await _traces.OpenLogsAsync("t", _broker.Get<NodeIdentity>().Name, None)).Logs);
    }
}
