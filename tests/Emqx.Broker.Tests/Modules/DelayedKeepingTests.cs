using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Tests.Modules.Memory;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Waiting messages and the store that keeps them: what is acknowledged is there, what has left stays away.</summary>
public sealed class DelayedKeepingTests : IAsyncLifetime
{
    private readonly ManualClock _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly SettingsRoot<DelayedSettings> _settings = new(new DelayedSettings());
    private readonly GatedStore _store = new();
    private readonly TestHeap _heap = new();
    private readonly List<Node> _nodes = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _store.Open();
        foreach (var node in _nodes)
            await node.StopAsync();
    }

    [Fact]
    public async Task A_publisher_that_is_owed_an_acknowledgement_waits_for_the_disk_and_others_do_not()
    {
        var node = await StartAsync();
        _store.Close();
        Assert.True(node.SendAsync("$delayed/10/a").IsCompleted);
        var owed = node.SendAsync("$delayed/10/b", qos: 1);
        var api = node.SendAsync("$delayed/10/c", from: ApiPublisher.From);
        Assert.False(owed.IsCompleted || api.IsCompleted);
        Assert.Equal(3, node.Queue.Count);
        _store.Open();
        Assert.Equal((true, ReasonCode.NoMatchingSubscribers), await owed.WaitAsync(Patience.Long));
        await api.WaitAsync(Patience.Long);
        Assert.Equal(["a", "b", "c"], await StoredAsync());
    }

    [Fact]
    public async Task What_is_due_already_is_not_written()
    {
        var node = await StartAsync();
        _store.Close();
        Assert.True(node.SendAsync("$delayed/0/a", qos: 1).IsCompleted);
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(["a"], node.Came);
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_is_refused_and_does_not_come()
    {
        var node = await StartAsync();
        _store.Fails = true;
        Assert.Equal((true, ReasonCode.UnspecifiedError), await node.SendAsync("$delayed/10/a", qos: 1).WaitAsync(Patience.Long));
        _store.Fails = false;
        Assert.Equal((true, ReasonCode.NoMatchingSubscribers), await node.SendAsync("$delayed/10/b", qos: 1).WaitAsync(Patience.Long));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["b"], node.Came);
    }

    [Fact]
    public async Task A_restart_finds_what_waits_as_it_was_sent_and_publishes_at_once_what_is_overdue()
    {
        var first = await StartAsync();
        await first.SendAsync("$delayed/5/a", qos: 1);
        await first.SendAsync("$delayed/100/b", qos: 2);
        var page = new DelayedMessage[2];
        first.Queue.List(0, page);
        await first.StopAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        var second = await StartAsync();
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(["a"], second.Came);
        var kept = second.Queue.Find(page[0].Message.Id)!;
        Assert.Equivalent(page[0].ToStored(), kept.ToStored(), strict: true);
        await second.SendAsync("$delayed/100/c", qos: 1);
        Assert.Equal(["b", "c"], await StoredAsync());
    }

    [Fact]
    public async Task What_has_left_or_was_given_up_is_gone_from_the_store_too()
    {
        var node = await StartAsync();
        foreach (var topic in (string[])["$delayed/5/a", "$delayed/50/b", "$delayed/50/b", "$delayed/50/c", "$delayed/50/d"])
            await node.SendAsync(topic, qos: 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        node.Queue.RemoveTopic("b");
        var page = new DelayedMessage[1];
        node.Queue.List(0, page);
        node.Queue.Remove(page[0].Message.Id);
        await node.Journal.SettledAsync().WaitAsync(Patience.Long);
        Assert.Equal(["c"], await StoredAsync());
    }

    [Fact]
    public async Task What_leaves_while_the_store_is_busy_is_never_written()
    {
        var node = await StartAsync();
        _store.Close();
        var busy = node.SendAsync("$delayed/50/a", qos: 1);
        await Eventually.TrueAsync(() => _store.Saves == 1, "the store is busy");
        var gone = node.SendAsync("$delayed/5/b", qos: 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["b"], node.Came);
        _store.Open();
        await busy.WaitAsync(Patience.Long);
        await gone.WaitAsync(Patience.Long);
        Assert.Equal(1, _store.Saves);
    }

    [Fact]
    public async Task Turning_it_off_empties_the_store_here_and_at_the_next_start()
    {
        var node = await StartAsync();
        await node.SendAsync("$delayed/50/a", qos: 1);
        _settings.Replace(new DelayedSettings(Enable: false));
        await node.Journal.SettledAsync().WaitAsync(Patience.Long);
        Assert.Empty(await StoredAsync());

        await _store.SaveAsync([new StoredDelayedMessage(1, long.MaxValue, 1) { Topic = "a", Payload = [], From = "c" }], default);
        var off = await StartAsync();
        await off.Journal.SettledAsync().WaitAsync(Patience.Long);
        Assert.Equal(0, off.Queue.Count);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task What_waits_takes_a_quarter_of_the_memory_at_most_and_the_rest_is_refused()
    {
        _heap.Available = 40_000;
        var node = await StartAsync();
        for (var i = 0; i < 9; i++)
            Assert.Equal((true, ReasonCode.NoMatchingSubscribers), await node.SendAsync($"$delayed/10/{i}", payload: 500));
        Assert.Equal((true, ReasonCode.QuotaExceeded), await node.SendAsync("$delayed/10/9", payload: 500));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((true, ReasonCode.NoMatchingSubscribers), await node.SendAsync("$delayed/10/9", payload: 500));
    }

    private async Task<Node> StartAsync()
    {
        var node = new Node(_store, _settings, _heap, _time);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    private async Task<string[]> StoredAsync() => [.. (await _store.LoadAsync(default)).Select(message => message.Topic).Order()];

    /// <summary>Delayed publishing as a node runs it.</summary>
    private sealed class Node : IMessagePublisher
    {
        private readonly ManualClock _time;
        private readonly BrokerHooks _hooks = new(NullLogger<BrokerHooks>.Instance, TimeProvider.System);
        private readonly CancellationTokenSource _stopping = new();
        private readonly BanList _bans;
        private readonly DelayedMessages _delayed;
        private Task _running = Task.CompletedTask;

        public Node(IDelayedStore store, SettingsRoot<DelayedSettings> settings, TestHeap heap, ManualClock time)
        {
            _time = time;
            Journal = new DelayedJournal(store, NullLogger<DelayedJournal>.Instance);
            Queue = new DelayedQueue(settings, Journal, heap, time, NullLogger<DelayedQueue>.Instance);
            _bans = new BanList(new InMemoryBanStore(), time);
            _delayed = new DelayedMessages(Queue, Journal, this, _bans, new Counters());
        }

        public DelayedJournal Journal { get; }
        public DelayedQueue Queue { get; }

        /// <summary>Topics of the messages that came when they were due.</summary>
        public List<string> Came { get; } = [];

        public async Task StartAsync()
        {
            _delayed.Attach(_hooks);
            await _delayed.LoadAsync(default);
            _running = _delayed.RunAsync(_stopping.Token);
        }

        public async Task StopAsync()
        {
            await _stopping.CancelAsync();
            await _running;
            Queue.Dispose();
            _bans.Dispose();
        }

        /// <summary>Sends as a client does; gives whether the message was taken, and the reason code.</summary>
        public async Task<(bool Stopped, byte ReasonCode)> SendAsync(string topic, byte qos = 0, string from = "c", int payload = 1)
        {
            var message = Message.Create(topic, new byte[payload], from, _time.GetUtcNow().ToUnixTimeMilliseconds(), qos, false, [1, 2]);
            var attempt = PublishAttempt.Take(message);
            await _hooks.MessagePublish.RunAsync(attempt);
            return (attempt.Stopped, attempt.ReasonCode);
        }

        public void Publish(Message message) => Came.Add(message.Topic);

        public ValueTask<int> PublishAsync(Message message) => throw new NotSupportedException();
    }

    /// <summary>A store that can be made to wait, or to fail.</summary>
    private sealed class GatedStore : IDelayedStore
    {
        private readonly InMemoryDelayedStore _rows = new();
        private TaskCompletionSource _gate = Opened();
        private int _saves;

        public bool Fails { get; set; }

        /// <summary>How many times messages were to be saved.</summary>
        public int Saves => Volatile.Read(ref _saves);

        public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _gate.TrySetResult();

        public ValueTask<IReadOnlyList<StoredDelayedMessage>> LoadAsync(CancellationToken cancellation) => _rows.LoadAsync(cancellation);

        public async ValueTask SaveAsync(IReadOnlyCollection<StoredDelayedMessage> messages, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _saves);
            await _gate.Task;
            if (Fails)
                throw new IOException("the disk is full");
            await _rows.SaveAsync(messages, cancellation);
        }

        public ValueTask DeleteAsync(IReadOnlyCollection<long> places, CancellationToken cancellation) => _rows.DeleteAsync(places, cancellation);

        public ValueTask ClearAsync(CancellationToken cancellation) => _rows.ClearAsync(cancellation);

        private static TaskCompletionSource Opened()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }
    }
}
