using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

public sealed class RetainedStoreTests : IDisposable
{
    private readonly ManualClock _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly SettingsRoot<RetainerSettings> _settings = new(new RetainerSettings());
    private readonly RetainedStore _store;

    public RetainedStoreTests() => _store = new RetainedStore(_settings, _time);

    public void Dispose() => _store.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private Message Publish(string topic, string payload = "x", long expiresAt = 0)
    {
        var message = Message.Create(topic, System.Text.Encoding.UTF8.GetBytes(payload), "c", Now, retain: true, expiresAt: expiresAt);
        _store.Apply(message);
        return message;
    }

    private string[] Match(string filter)
    {
        var found = new List<Message>();
        _store.Match(TopicFilter.Parse(filter), found);
        return [.. found.Select(message => message.Topic).Order(StringComparer.Ordinal)];
    }

    private string[] List(string? filter, long skip = 0, int limit = 100)
    {
        var page = new Message[limit];
        return [.. page.Take(_store.List(filter, skip, page)).Select(message => message.Topic)];
    }

    [Fact]
    public void The_last_message_of_a_topic_is_kept()
    {
        Publish("a");
        var last = Publish("a");
        Assert.Equal(last.Id, _store.Find("a")!.Id);
        Assert.Equal(1, _store.Count);
        Assert.Equal(["a"], List(null));
        Assert.Null(_store.Find("b"));
    }

    [Fact]
    public void An_empty_message_clears_its_topic()
    {
        Publish("a/b");
        Publish("a/b/c");
        Publish("a/b", "");
        Assert.Null(_store.Find("a/b"));
        Assert.Equal(["a/b/c"], Match("#"));
        Publish("a/b/c", "");
        Publish("never/there", "");
        Assert.Equal(0, _store.Count);
        Assert.Empty(Match("#"));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a/+", "a/", "a/b", "a/c")]
    [InlineData("a/#", "a", "a/", "a/b", "a/b/c", "a/c")]
    [InlineData("+/b", "a/b")]
    [InlineData("+", "a", "b")]
    [InlineData("#", "a", "a/", "a/b", "a/b/c", "a/c", "b")]
    [InlineData("+/+/c", "a/b/c")]
    [InlineData("$SYS/#", "$SYS/x")]
    [InlineData("$SYS/+", "$SYS/x")]
    [InlineData("a/b/c/#", "a/b/c")]
    [InlineData("x/#")]
    [InlineData("$share/g/a")]
    [InlineData("$share/g/#")]
    public void A_new_subscription_gets_what_its_filter_selects(string filter, params string[] expected)
    {
        foreach (var topic in (string[])["a", "a/", "a/b", "a/b/c", "a/c", "b", "$SYS/x"])
            Publish(topic);
        Assert.Equal(expected, Match(filter));
    }

    [Fact]
    public void Tree_and_list_agree_on_random_topics()
    {
        var random = new Random(5);
        string[] levels = ["a", "b", "", "$x", "c"];
        var kept = new HashSet<string>();
        for (var i = 0; i < 5000; i++)
        {
            var topic = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => levels[random.Next(levels.Length)]));
            var isClear = random.Next(3) == 0;
            Publish(topic, isClear ? "" : "x");
            if (isClear ? !kept.Remove(topic) : !kept.Add(topic))
                continue;
            if (i % 50 != 0)
                continue;
            foreach (var filter in (string[])["#", "+/a/#", "a/+/+", "+/+", "a/#", "$x/#", "+/b/+/c"])
            {
                var expected = kept.Where(name => TopicMatcher.Matches(name, filter)).Order(StringComparer.Ordinal).ToArray();
                Assert.Equal(expected, Match(filter));
                Assert.Equal(expected, List(filter, 0, 10_000));
            }
        }

        Assert.Equal(kept.Count, _store.Count);
    }

    [Fact]
    public void A_page_is_cut_from_the_list()
    {
        for (var i = 0; i < 1000; i++)
            Publish($"t/{i:000}");
        Publish("u");
        Assert.Equal(["t/300", "t/301"], List("t/+", 300, 2));
        Assert.Equal(["t/999"], List("t/+", 999));
        Assert.Equal(["t/999", "u"], List(null, 999));
        Assert.Equal(["u"], List("u"));
        Assert.Empty(List("u", 1));
        Assert.Empty(List("t"));
    }

    [Fact]
    public void A_message_ends_with_its_expiry()
    {
        Publish("a", expiresAt: Now + 10_000);
        Publish("b");
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(["a", "b"], Match("#"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["b"], List(null));
        Assert.Equal(2, _store.Count);
        Assert.Equal(["b"], Match("#"));
        Assert.Null(_store.Find("a"));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void The_setting_ends_messages_without_an_expiry_of_their_own()
    {
        _settings.Replace(new RetainerSettings { MsgExpiryInterval = 1000 });
        Publish("a");
        Publish("b", expiresAt: Now + 5000);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["b"], Match("#"));
    }

    [Theory]
    [InlineData(true, "forever")]
    [InlineData(false)]
    public void The_override_wins_but_over_messages_that_may_stay_for_ever(bool allowNeverExpire, params string[] expected)
    {
        _settings.Replace(new RetainerSettings { MsgExpiryIntervalOverride = 1000, AllowNeverExpire = allowNeverExpire });
        Publish("forever");
        Publish("long", expiresAt: Now + 50_000);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, Match("#"));
    }

    [Fact]
    public void Expired_messages_are_cleared_at_the_interval()
    {
        for (var i = 0; i < 1000; i++)
            Publish($"t/{i}", expiresAt: Now + 1000);
        Publish("stays");
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1001, _store.Count);
        _settings.Replace(new RetainerSettings { MsgClearInterval = 30_000, MsgClearLimit = 600 });
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(401, _store.Count);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void The_longest_times_are_no_times_that_have_passed()
    {
        _settings.Replace(new RetainerSettings { MsgExpiryInterval = long.MaxValue, MsgClearInterval = uint.MaxValue });
        Publish("a");
        _settings.Replace(new RetainerSettings { MsgExpiryIntervalOverride = long.MaxValue, AllowNeverExpire = false });
        Publish("b");
        Assert.Equal(["a", "b"], Match("#"));
        using var real = new RetainedStore(new SettingsRoot<RetainerSettings>(new RetainerSettings { MsgClearInterval = uint.MaxValue }), TimeProvider.System);
    }

    [Fact]
    public void A_payload_over_the_limit_is_delivered_but_not_kept()
    {
        _settings.Replace(new RetainerSettings { MaxPayloadSize = 3 });
        var kept = Publish("a", "123");
        Publish("a", "1234");
        Assert.Equal(kept.Id, _store.Find("a")!.Id);
        _settings.Replace(new RetainerSettings { MaxPayloadSize = 0 });
        Assert.Equal(Publish("a", "1234").Id, _store.Find("a")!.Id);
    }

    [Fact]
    public void Pages_are_in_the_order_of_publishing()
    {
        foreach (var topic in (string[])["c", "a", "b", "d/1", "a"])
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Publish(topic);
        }

        Assert.Equal(["c", "b", "d/1", "a"], List(null));
        Assert.Equal(["c", "b", "a"], List("+"));
        Assert.Equal(["b", "a"], List("+", 1));
        Assert.Equal(["d/1"], List(null, 2, 1));
    }

    [Fact]
    public void Deep_pages_leave_out_what_has_expired_between()
    {
        for (var i = 0; i < 3000; i++)
        {
            Publish($"t/{i:0000}", expiresAt: i is 10 or 700 ? Now + 1000 : 0);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(["t/2502"], List(null, 2500, 1));
            Assert.Equal(["t/2502", "t/2503"], List("t/+", 2500, 2));
        }

        Assert.Equal(3000, _store.Count);
    }

    [Fact]
    public void A_filter_that_selects_more_than_is_worth_sorting_is_paged_all_the_same()
    {
        var deep = new string('ü', 600);
        for (var i = 0; i < 25_000; i++)
            Publish($"t/{i:00000}{(i == 24_999 ? deep : "")}");
        Publish("u");
        Assert.Equal(["t/00000", "t/00001"], List("t/+", 0, 2));
        Assert.Equal(["t/24998", "t/24999" + deep], List("t/#", 24_998));
    }

    [Fact]
    public void A_full_store_takes_new_messages_of_known_topics_only()
    {
        _settings.Replace(new RetainerSettings { MaxRetainedMessages = 2 });
        Publish("a");
        Publish("b");
        Publish("c");
        var newer = Publish("a", "newer");
        Assert.Equal(["a", "b"], Match("#"));
        Assert.Equal(newer.Id, _store.Find("a")!.Id);
        Publish("a", "");
        Publish("c");
        Assert.Equal(["b", "c"], Match("#"));
    }

    [Fact]
    public void Disabled_it_shows_nothing_and_forgets_nothing()
    {
        Publish("a");
        _settings.Replace(new RetainerSettings { Enable = false });
        Publish("b");
        Publish("a", "");
        Assert.Equal(0, _store.Count);
        Assert.Null(_store.Find("a"));
        Assert.Empty(Match("#"));
        Assert.Empty(List(null));
        Assert.Equal(0, _store.RemoveMatching("#"));
        _settings.Replace(new RetainerSettings());
        Assert.Equal(["a"], Match("#"));
    }

    [Fact]
    public void A_clearing_message_goes_on_unless_the_setting_stops_it()
    {
        var clear = Message.Create("a", default, "c", Now, retain: true);
        Assert.True(_store.LetsOn(clear));
        _settings.Replace(new RetainerSettings { StopPublishClearMsg = true });
        Assert.False(_store.LetsOn(clear));
        Assert.True(_store.LetsOn(Message.Create("a", new byte[1], "c", Now, retain: true)));
        _settings.Replace(new RetainerSettings { StopPublishClearMsg = true, Enable = false });
        Assert.True(_store.LetsOn(clear));
    }

    [Fact]
    public void Messages_are_removed_by_topic_by_filter_and_all()
    {
        foreach (var topic in (string[])["a", "a/b", "a/c", "b", "c", "$SYS/x"])
            Publish(topic);
        Assert.Equal(1, _store.RemoveMatching("c"));
        Assert.Equal(0, _store.RemoveMatching("c"));
        Assert.Equal(2, _store.RemoveMatching("a/+"));
        Assert.Equal(["a", "b"], Match("#"));
        _store.Clear();
        Assert.Equal(0, _store.Count);
        Assert.Empty(Match("$SYS/#"));
    }

    [Fact]
    public async Task Publishing_and_matching_at_once_loses_nothing()
    {
        foreach (var topic in (string[])["stay/1", "stay/2/x"])
            Publish(topic);
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 20_000; i++)
                Publish($"{(random.Next(2) == 0 ? "stay" : "go")}/{random.Next(20) + 10}/{writer}", random.Next(2) == 0 ? "" : "x");
        })).ToArray();
        var found = new List<Message>();
        do
        {
            found.Clear();
            _store.Match(TopicFilter.Parse("stay/#"), found);
            Assert.Equal(2, found.Count(message => message.Topic is "stay/1" or "stay/2/x"));
        }
        while (!writers.All(writer => writer.IsCompleted));
        await Task.WhenAll(writers);
        Assert.Equal(Match("#"), List(null, 0, 1000).Order(StringComparer.Ordinal));
    }
}
