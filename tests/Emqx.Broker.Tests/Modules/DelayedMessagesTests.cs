using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Tests.Modules.Memory;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

public sealed class DelayedMessagesTests : IDisposable
{
    private readonly ManualClock _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly SettingsRoot<DelayedSettings> _settings = new(new DelayedSettings());
    private readonly BrokerHooks _hooks = new(NullLogger<BrokerHooks>.Instance, TimeProvider.System);
    private readonly Counters _counters = new();
    private readonly Recorder _published;
    private readonly DelayedQueue _queue;
    private readonly BanList _bans;
    private readonly DelayedMessages _delayed;

    public DelayedMessagesTests()
    {
        _published = new Recorder(_hooks);
        var journal = new DelayedJournal(new InMemoryDelayedStore(), NullLogger<DelayedJournal>.Instance);
        _queue = new DelayedQueue(_settings, journal, new TestHeap(), _time, NullLogger<DelayedQueue>.Instance);
        _bans = new BanList(new InMemoryBanStore(), _time);
        _delayed = new DelayedMessages(_queue, journal, _published, _bans, _counters);
        _delayed.Attach(_hooks);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _bans.Dispose();
    }

    private Message Send(string topic, byte qos = 0, bool retain = false)
    {
        var message = Message.Create(topic, new byte[] { 1 }, "c", _time.GetUtcNow().ToUnixTimeMilliseconds(), qos, retain, [1, 2]);
        _published.Publish(message);
        return message;
    }

    private string[] Waiting()
    {
        var page = new DelayedMessage[100];
        return [.. page.Take(_queue.List(0, page)).Reverse().Select(row => row.Message.Topic)];
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_message_comes_when_its_time_has_come()
    {
        var sent = Send("$delayed/10/a/b", qos: 1, retain: true);
        Assert.Empty(_published.Messages);
        Assert.Equal(["a/b"], Waiting());
        Advance(9.9);
        Assert.Empty(_published.Messages);
        Advance(0.1);
        var came = Assert.Single(_published.Messages);
        Assert.Equal(("a/b", (byte)1, true, "c", sent.PublishedAt, sent.Id), (came.Topic, came.Qos, came.Retain, came.From, came.PublishedAt, came.Id));
        Assert.Equal("a/b"u8.ToArray(), came.TopicUtf8);
        Assert.Equal(sent.Properties, came.Properties);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void The_earliest_comes_first_whatever_the_order()
    {
        foreach (var seconds in (int[])[30, 10, 20, 10])
            Send($"$delayed/{seconds}/t{seconds}");
        Assert.Equal(["t10", "t10", "t20", "t30"], Waiting());
        Advance(10);
        Assert.Equal(["t10", "t10"], _published.Topics);
        Advance(20);
        Assert.Equal(["t10", "t10", "t20", "t30"], _published.Topics);
    }

    [Fact]
    public void Many_come_in_slices_that_leave_room_for_others()
    {
        for (var i = 0; i < 1500; i++)
            Send($"$delayed/5/t{i}");
        Advance(5);
        Assert.Equal(1024, _published.Messages.Count);
        Advance(0.01);
        Assert.Equal(Enumerable.Range(0, 1500).Select(i => $"t{i}").Order(), _published.Topics.Order());
    }

    [Fact]
    public void A_large_number_is_a_Unix_time()
    {
        Send("$delayed/1700000050/a");
        var row = new DelayedMessage[1];
        _queue.List(0, row);
        Assert.Equal(50, row[0].IntervalSeconds);
        Assert.Equal(50, row[0].RemainingSeconds(_time.GetUtcNow().ToUnixTimeMilliseconds()));
        Advance(50);
        Assert.Equal(["a"], _published.Topics);
    }

    [Theory]
    [InlineData(0.3, 50)]
    [InlineData(0.7, 49)]
    public void A_Unix_time_is_met_to_the_second_and_its_interval_is_rounded(double into, long interval)
    {
        Advance(into);
        Send("$delayed/1700000050/a");
        var row = new DelayedMessage[1];
        _queue.List(0, row);
        Assert.Equal((1_700_000_050_000, interval), (row[0].ExpectedAt, row[0].IntervalSeconds));
    }

    [Fact]
    public void The_list_begins_with_the_last_one_due_as_that_of_EMQX_does()
    {
        foreach (var seconds in (int[])[30, 10, 20, 40])
            Send($"$delayed/{seconds}/t{seconds}");
        var page = new DelayedMessage[3];
        Assert.Equal(3, _queue.List(0, page));
        Assert.Equal(["t40", "t30", "t20"], page.Select(row => row.Message.Topic));
        Assert.Equal(1, _queue.List(3, page));
        Assert.Equal("t10", page[0].Message.Topic);
        Assert.Equal(0, _queue.List(4, page));
        Assert.Equal(0, _queue.List(long.MaxValue, page));
    }

    [Theory]
    [InlineData("$delayed/0/a")]
    [InlineData("$delayed/1600000000/a")]
    [InlineData("$delayed/-5/a")]
    public void What_is_due_comes_at_once(string topic)
    {
        Send(topic);
        Advance(0);
        Assert.Equal(["a"], _published.Topics);
    }

    [Theory]
    [InlineData("$delayed/x/a")]
    [InlineData("$delayed/5")]
    [InlineData("$delayed/5/")]
    [InlineData("$delayed//a")]
    [InlineData("$delayed/1704294968/a")]
    [InlineData("$delayed/99999999999999999999/a")]
    [InlineData("$delayedx/5/a")]
    public void Other_topics_are_ordinary(string topic)
    {
        Send(topic);
        Assert.Equal([topic], _published.Topics);
    }

    [Fact]
    public void The_longest_delay_waits_its_forty_nine_days()
    {
        Send("$delayed/1704294967/a");
        Send("$delayed/4294966/b");
        for (var day = 0; day < 49; day++)
            _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_published.Messages);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["b", "a"], _published.Topics);
    }

    [Fact]
    public void A_delay_within_a_delay_counts_from_the_publish_as_well()
    {
        Send("$delayed/5/$delayed/8/a");
        Advance(5);
        Assert.Empty(_published.Messages);
        Advance(3);
        Assert.Equal(["a"], _published.Topics);
    }

    [Fact]
    public void Over_the_limit_messages_are_dropped()
    {
        _settings.Replace(new DelayedSettings(Enable: true, MaxDelayedMessages: 2));
        for (var i = 0; i < 3; i++)
            Send($"$delayed/5/t{i}");
        Assert.Equal(["t0", "t1"], Waiting());
        Assert.Empty(_published.Messages);
        Assert.Equal(2, _counters.Read(Metric.MessagesDelayed));
    }

    [Fact]
    public void Disabling_deletes_what_waits_and_makes_the_topic_ordinary()
    {
        Send("$delayed/5/a");
        _settings.Replace(new DelayedSettings(Enable: false));
        Assert.Equal(0, _queue.Count);
        Send("$delayed/5/b");
        Advance(10);
        Assert.Equal(["$delayed/5/b"], _published.Topics);
    }

    [Fact]
    public void A_message_is_found_and_given_up_by_its_id()
    {
        var sent = Send("$delayed/5/a");
        Assert.Equal("a", _queue.Find(sent.Id)!.Message.Topic);
        Assert.True(_queue.Remove(sent.Id));
        Assert.False(_queue.Remove(sent.Id));
        Assert.Null(_queue.Find(sent.Id));
        Advance(10);
        Assert.Empty(_published.Messages);
    }

    [Fact]
    public void All_messages_of_a_topic_are_given_up()
    {
        for (var i = 0; i < 700; i++)
            Send(i % 2 == 0 ? "$delayed/5/a" : "$delayed/5/b");
        Assert.Equal(350, _queue.RemoveTopic("a"));
        Assert.Equal(0, _queue.RemoveTopic("a"));
        Assert.Equal(350, _queue.Count);
    }

    [Theory]
    [InlineData("clientid", "c")]
    [InlineData("clientid_re", "^c$")]
    public async Task A_sender_that_is_banned_by_then_is_not_published(string kind, string who)
    {
        Send("$delayed/5/a");
        Assert.True(BanWords.TryParse(kind, out var banKind));
        Assert.True(BanTarget.TryParse(banKind, who, out var target, out _));
        await _bans.CreateAsync(new Ban(target, "test", "", 0, null), default);
        Advance(5);
        Assert.Empty(_published.Messages);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void One_that_fails_does_not_hold_up_the_others()
    {
        Send("$delayed/5/a");
        Send("$delayed/5/b");
        var told = new List<string>();
        _queue.Due = message =>
        {
            told.Add(message.Topic);
            throw new InvalidOperationException("no");
        };
        Advance(5);
        Assert.Equal(["a", "b"], told);
    }

    [Fact]
    public void A_message_under_another_topic_keeps_all_else()
    {
        var message = new Message
        {
            Topic = "t", TopicUtf8 = [1], Payload = new byte[] { 2 }, Qos = 2, Retain = true, Properties = [3], From = "f", FromUsername = "u",
            FromPeerHost = "h", PublishedAt = 4, ExpiresAt = 5, ExpiryIsDefault = true, IsSystem = true,
        };
        var other = message.WithTopic("x");
        foreach (var property in typeof(Message).GetProperties().Where(property => property.Name is not ("Topic" or "TopicUtf8")))
        {
            Assert.Equal(property.GetValue(message), property.GetValue(other));
            Assert.NotEqual(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null, property.GetValue(other));
        }
    }

    [Theory]
    [InlineData("$delayed/5/a/b", "a/b")]
    [InlineData("$delayed/5", "$delayed/5")]
    [InlineData("a/b", "a/b")]
    public void Authorization_is_about_the_real_topic(string topic, string expected) => Assert.Equal(expected, DelayedTopic.RealTopic(topic));

    /// <summary>Runs the hook as the broker does, and keeps what passes it.</summary>
    private sealed class Recorder(BrokerHooks hooks) : IMessagePublisher
    {
        public List<Message> Messages { get; } = [];

        public IEnumerable<string> Topics => Messages.Select(message => message.Topic);

        public void Publish(Message message) => _ = PublishAsync(message).AsTask();

        public async ValueTask<int> PublishAsync(Message message)
        {
            var attempt = PublishAttempt.Take(message);
            await hooks.MessagePublish.RunAsync(attempt);
            if (!attempt.Stopped)
                Messages.Add(attempt.Message);
            return 0;
        }
    }
}
