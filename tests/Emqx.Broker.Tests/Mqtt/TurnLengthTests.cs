using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Messages that mean much work: how long a turn is, in deliveries and steps, and that others come in between.</summary>
public sealed class TurnLengthTests : IAsyncLifetime
{
    private const int MostATurn = 4096;
    private readonly string _topic = Unique.Topic();
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private CountedTurns Subscribe(int subscribers, params IReadOnlyCollection<string> filters)
    {
        var turns = new CountedTurns();
        foreach (var filter in filters)
            for (var i = 0; i < subscribers; i++)
                _broker.Get<Router>().Add(new Subscription(new CountedSubscriber(turns, $"counted:{i}"), TopicFilter.Parse(filter), default));
        return turns;
    }

    /// <summary>All filters of a and + with so many levels: each of them selects a/a/a.</summary>
    private static string[] Bomb(int levels) =>
        [.. Enumerable.Range(0, 1 << levels).Select(bits => string.Join('/', Enumerable.Range(0, levels).Select(level => (bits >> level & 1) == 0 ? "a" : "+")))];

    private static string BombTopic(int levels) => string.Join('/', Enumerable.Repeat("a", levels));

    [Fact]
    public async Task A_message_for_very_many_subscribers_goes_out_in_turns()
    {
        const int count = (5 * MostATurn) + 1;
        var turns = Subscribe(count, _topic);
        Assert.Equal(count, await _broker.Get<Publisher>().PublishAsync(Message.Create(_topic, "x"u8.ToArray(), "p", 0, qos: 1)));
        Assert.Equal(count, turns.Lengths.Sum());
        Assert.InRange(turns.Lengths.Length, 6, 12);
        Assert.All(turns.Lengths, static length => Assert.InRange(length, 1, MostATurn));
    }

    [Fact]
    public void A_match_of_very_many_filters_is_made_of_bounded_steps()
    {
        const int levels = 13;
        Subscribe(1, Bomb(levels));
        var (budget, slices) = (MostATurn, 1);
        var route = _broker.Get<Router>().Match(BombTopic(levels), ref budget, out var search);
        for (; route is null; slices++)
            route = search!.Go(MostATurn);
        Assert.Equal(1 << levels, route.Leaves.Length);
        Assert.InRange(slices, (1 << levels) / MostATurn, 8 * (1 << levels) / MostATurn);
    }

    [Fact]
    public async Task Others_are_answered_while_a_topic_that_wildcards_multiply_is_published()
    {
        const int levels = 15, messages = 16;
        using var asked = new ManualResetEventSlim();
        var turns = Subscribe(1, Bomb(levels));
        turns.AfterFirst = () => asked.Wait(Patience.Long); // else all may be over before the other client has its turn on the machine
        await using var busy = await _broker.ConnectAsync();
        await using var other = await _broker.ConnectAsync();
        await busy.SendAsync(Enumerable.Range(1, messages).SelectMany(id => Packets.Publish(5, BombTopic(levels), "x", qos: 1, id: id)).ToArray());
        await turns.Begun.WaitAsync(Patience.Long);
        await other.SendAsync(Packets.Ping);
        asked.Set();
        await other.ExpectAsync(PacketType.Pingresp);
        Assert.True(turns.Count < messages << levels, "the other client had to wait until all was done");
        for (var i = 0; i < messages; i++)
            await busy.ExpectAsync(PacketType.Puback);
        Assert.Equal(messages << levels, turns.Lengths.Sum());
        Assert.All(turns.Lengths, static length => Assert.InRange(length, 1, MostATurn));
    }

    [Fact]
    public async Task Messages_that_a_client_sends_in_one_go_are_handled_in_turns()
    {
        const int subscribers = 1000, messages = 100, workATurn = 16 * 1024;
        var turns = Subscribe(subscribers, _topic);
        await using var client = await _broker.ConnectAsync();
        await client.SendAsync(Enumerable.Range(0, messages).SelectMany(_ => Packets.Publish(5, _topic, "x")).ToArray());
        await client.ExpectNothingAsync();
        Assert.Equal(messages * subscribers, turns.Lengths.Sum());
        Assert.InRange(turns.Lengths.Length, messages * subscribers / (workATurn + subscribers), messages);
        Assert.All(turns.Lengths, static length => Assert.InRange(length, 1, workATurn + subscribers));
    }

    [Fact]
    public async Task A_burst_is_read_in_large_pieces_wherever_the_first_of_them_ends()
    {
        const int messages = 5000;
        var turns = Subscribe(1, _topic);
        await using var client = await _broker.ConnectAsync();
        await client.SendAsync(Enumerable.Range(0, messages).SelectMany(_ => Packets.Publish(5, _topic, new string('x', 50))).ToArray());
        await client.ExpectNothingAsync();
        Assert.Equal(messages, turns.Lengths.Sum());
        Assert.InRange(turns.Lengths.Length, 1, messages / 50);
    }

    /// <summary>Deliveries by the turns in which they were made: a turn's flushes come at its end.</summary>
    private sealed class CountedTurns : IFlushable
    {
        private readonly Lock _gate = new();
        private readonly List<int> _lengths = [];
        private readonly ThreadLocal<int> _length = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        /// <summary>What the first turn waits for at its end.</summary>
        public Action? AfterFirst { get; set; }

        public int Count => Lengths.Sum();

        public int[] Lengths
        {
            get
            {
                lock (_gate)
                    return [.. _lengths];
            }
        }

        public void Delivered()
        {
            if (_length.Value++ != 0)
                return;
            FlushBatch.Current!.Add(this);
            _begun.TrySetResult();
        }

        public void Flush()
        {
            if (Lengths.Length == 0)
                AfterFirst?.Invoke();
            lock (_gate)
                _lengths.Add(_length.Value);
            _length.Value = 0;
        }
    }

    private sealed class CountedSubscriber(CountedTurns turns, string name) : ISubscriber
    {
        public string ClientId => name;

        public bool IsSession => false;

        public bool ChoosesNoLocal => true;

        public void Deliver(Message message, Subscription subscription, bool fromRetained) => turns.Delivered();
    }
}
