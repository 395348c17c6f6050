using System.Net;
using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

public class DirectoryTests
{
    private static readonly NodeIdentity s_node = new("emqx@here", 0, ":memory:");

    private readonly Router _router = new();
    private readonly Session _session = Waiting("one");
    private readonly LocalSubscriptionDirectory _subscriptions;
    private readonly LocalTopicDirectory _topics;

    public DirectoryTests()
    {
        _subscriptions = new LocalSubscriptionDirectory(_router, new OneSession(_session), s_node);
        _topics = new LocalTopicDirectory(_router, s_node);
    }

    /// <summary>A session without a connection.</summary>
    private static Session Waiting(string clientId)
    {
        var context = new SessionContext(new BrokerHooks(NullLogger<BrokerHooks>.Instance, TimeProvider.System), new Counters(),
            new TimerWheel(new ManualClock(), NullLogger<TimerWheel>.Instance), new SettingsRoot<ZoneSettings>(new ZoneSettings()));
        var client = new ClientInfo
        {
            ClientId = clientId, Username = null, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
            ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
        };
        return new Session(context, client, new MqttSettings(), expiryInterval: 0, now: 0);
    }

    private void Subscribe(params string[] filters)
    {
        foreach (var filter in filters)
            _router.Subscribe("c", filter);
    }

    private async Task<(string[] Topics, long? Total, bool HasNext)> List(SubscriptionFilter filter, int page = 1, int limit = 100)
    {
        using var found = await _subscriptions.ListAsync(filter, page, limit, default);
        return ([.. found.Rows.ToArray().Select(row => row.Topic)], found.Total, found.HasNext);
    }

    private async Task<string[]> Topics(SubscriptionFilter filter) => (await List(filter)).Topics;

    [Fact]
    public async Task Subscriptions_are_listed_descending_with_shared_ones_last()
    {
        Subscribe("a", "$share/g/z", "b/+", "$SYS/x", "$share/h/a", "$queue/b", "ü", "b");
        Assert.Equal(["ü", "b/+", "b", "a", "$SYS/x", "$share/h/a", "$share/g/z", "$queue/b"], await Topics(new()));
    }

    [Fact]
    public async Task A_row_tells_everything_of_its_subscription()
    {
        _router.Add(new Subscription(new TestSubscriber("c"), TopicFilter.Parse("$share/g/t"), new SubscriptionOptions(2, true, true, 1, 7)));
        using var page = await _subscriptions.ListAsync(new(), 1, 10, default);
        Assert.Equal(new SubscriptionRow("emqx@here", "$share/g/t", "c", new SubscriptionOptions(2, true, true, 1, 7)), page[0]);
    }

    [Fact]
    public async Task Pages_cut_the_list_and_count_it()
    {
        for (var i = 0; i < 1000; i++)
            Subscribe($"t/{i:000}");
        var (topics, total, hasNext) = await List(new(), page: 3, limit: 300);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"t/{399 - i:000}"), topics);
        Assert.Equal((1000L, true), (total, hasNext));
        Assert.Equal((100, 1000L, false), await List(new(), page: 4, limit: 300) is var last ? (last.Topics.Length, last.Total, last.HasNext) : default);
        Assert.Equal((0, false), await List(new(), page: 9, limit: 300) is var none ? (none.Topics.Length, none.HasNext) : default);
        Assert.False((await List(new(), page: 10, limit: 100)).HasNext);
    }

    [Fact]
    public async Task Topic_selects_plain_subscriptions_by_their_whole_text()
    {
        Subscribe("a/b", "a/+", "a", "a/b/c", "$share/g/a/b");
        foreach (var client in (string[])["x", "y", "z"])
            _router.Subscribe(client, "a/b");
        Assert.Equal((4L, false), await List(new() { Topic = "a/b" }) is var all ? (all.Total, all.HasNext) : default);
        Assert.Equal(["a/+"], await Topics(new() { Topic = "a/+" }));
        Assert.Empty(await Topics(new() { Topic = "a/x" }));
        Assert.Empty(await Topics(new() { Topic = "$share/g/a/b" }));
        using var page = await _subscriptions.ListAsync(new() { Topic = "a/b" }, 2, 3, default);
        Assert.Equal(["c"], page.Rows.ToArray().Select(row => row.ClientId));
    }

    [Fact]
    public async Task Share_group_selects_a_group_and_with_topic_any_group()
    {
        Subscribe("a", "$share/g/a", "$share/g/b", "$share/h/a", "$share/gg/a", "$queue/a");
        Assert.Equal(["$share/g/b", "$share/g/a"], await Topics(new() { ShareGroup = "g" }));
        Assert.Equal(["$queue/a"], await Topics(new() { ShareGroup = "$queue" }));
        Assert.Equal(["$share/h/a", "$share/gg/a", "$share/g/a", "$queue/a"], await Topics(new() { ShareGroup = "g", Topic = "a" }));
        Assert.Equal(4, (await List(new() { ShareGroup = "none", Topic = "a" })).Total);
    }

    [Fact]
    public async Task Qos_selects_and_is_counted()
    {
        for (var i = 0; i < 900; i++)
            _router.Subscribe("c", $"t/{i:000}", (byte)(i % 3));
        var (topics, total, hasNext) = await List(new() { Qos = 1 }, page: 2, limit: 200);
        Assert.Equal((100, 300L, false), (topics.Length, total, hasNext));
        Assert.True((await List(new() { Qos = 1 }, page: 2, limit: 100)).HasNext);
        Assert.Equal(1, (await List(new() { Qos = 1, Topic = "t/001" })).Total);
        Assert.Equal(0, (await List(new() { Qos = 2, Topic = "t/001" })).Total);
    }

    [Theory]
    [InlineData("m/#", "m/foo/bar", "m/foo/+", "m/foo", "m", "$share/g/m/a")]
    [InlineData("m/+", "m/foo", "$share/g/m/a")]
    [InlineData("+/foo/+", "m/foo/bar", "m/foo/+")]
    [InlineData("m/foo", "m/foo")]
    [InlineData("a/#/b")]
    [InlineData("nothing/#")]
    [InlineData("#", "mx", "m/foo/bar", "m/foo/+", "m/foo", "m", "$share/g/m/a")]
    public async Task Match_topic_selects_filters_that_it_matches(string match, params string[] expected)
    {
        Subscribe("m/foo", "m/foo/bar", "m/foo/+", "m", "mx", "$SYS/m", "$share/g/m/a");
        var found = await List(new() { MatchTopic = match });
        Assert.Equal(expected, found.Topics);
        Assert.Null(found.Total);
        Assert.False(found.HasNext);
    }

    [Theory]
    [InlineData("+/x7/+")]
    [InlineData("+/x7/#")]
    [InlineData("s/+/leaf")]
    [InlineData("s/+/leaf/#")]
    [InlineData("+/+/leaf")]
    [InlineData("+/+/+")]
    [InlineData("s/+/nobody")]
    [InlineData("#")]
    public async Task Match_topic_agrees_with_the_matcher_among_many(string match)
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 700; i++)
                Subscribe($"{(i % 2 == 0 ? "s" : "t")}/x{i % 10}/{(i % 3 == 0 ? "leaf" : $"{round}-{i}")}", $"$share/g/s/{round}-{i}/leaf");
            var expected = (await List(new(), limit: 10_000)).Topics.Where(text => TopicMatcher.Matches(TopicFilter.Parse(text).Topic, match));
            Assert.Equal(expected.Order(StringComparer.Ordinal), (await List(new() { MatchTopic = match }, limit: 10_000)).Topics.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_match_search_tells_whether_more_follows()
    {
        for (var i = 0; i < 2000; i++)
            Subscribe($"t/{i:0000}", $"u/{i:0000}");
        Assert.Equal((3, true), await List(new() { MatchTopic = "t/+" }, 1, 3) is var first ? (first.Topics.Length, first.HasNext) : default);
        Assert.Equal((500, false), await List(new() { MatchTopic = "t/+" }, 4, 500) is var last ? (last.Topics.Length, last.HasNext) : default);
        Assert.Equal(2000, (await List(new() { Topic = "t/0001", MatchTopic = "x" })).Total * 2000);
    }

    [Fact]
    public async Task Another_node_is_not_here_and_nothing_is_durable()
    {
        Subscribe("a");
        using var page = await _subscriptions.ListAsync(new() { Node = "emqx@there" }, 1, 10, default);
        Assert.Equal(("emqx@there", "nodedown"), (page.UnreachableNode, page.UnreachableReason));
        Assert.Equal(0, (await List(new() { Durable = true })).Total);
        Assert.Equal(1, (await List(new() { Durable = false, Node = "emqx@here" })).Total);
    }

    [Fact]
    public async Task Clientid_selects_the_subscriptions_of_one_client()
    {
        Subscribe("b");
        foreach (var (filter, qos) in (IEnumerable<(string, byte)>)[("b", 1), ("$share/g/z", 0), ("a", 0), ("c/+", 1)])
        {
            var row = TestSubscriptions.Subscription(_session, filter, qos);
            _session.PutSubscription(row);
            _router.Add(row);
        }

        var (topics, total, hasNext) = await List(new() { ClientId = "one" }, page: 1, limit: 3);
        Assert.Equal(["c/+", "b", "a"], topics);
        Assert.Equal((4L, true), (total, hasNext));
        Assert.Equal(["$share/g/z"], (await List(new() { ClientId = "one" }, page: 2, limit: 3)).Topics);
        Assert.Equal(["c/+", "b"], await Topics(new() { ClientId = "one", Qos = 1 }));
        Assert.Equal(["c/+"], await Topics(new() { ClientId = "one", MatchTopic = "c/#" }));
        Assert.Equal(["$share/g/z"], await Topics(new() { ClientId = "one", ShareGroup = "g" }));
        Assert.Empty(await Topics(new() { ClientId = "on" }));
    }

    [Fact]
    public async Task Topics_are_listed_once_for_each_filter()
    {
        foreach (var client in (string[])["a", "b"])
            foreach (var filter in (string[])["t", "t/+", "$share/g/t", "$queue/t"])
                _router.Subscribe(client, filter);
        using var all = await _topics.ListAsync(null, null, 1, 3, default);
        Assert.Equal(["t/+", "t", "$share/g/t"], all.Rows.ToArray().Select(row => row.Topic));
        Assert.Equal((4L, true), (all.Total, all.HasNext));
        using var filtered = await _topics.ListAsync(null, "emqx@here", 1, 3, default);
        Assert.Equal((null, true), (filtered.Total, filtered.HasNext));
        using var last = await _topics.ListAsync(null, "emqx@here", 2, 3, default);
        Assert.Equal((4L, false), (last.Total, last.HasNext));
        using var elsewhere = await _topics.ListAsync(null, "emqx@there", 1, 3, default);
        Assert.Equal((0, 0L), (elsewhere.Count, elsewhere.Total));
    }

    [Fact]
    public async Task A_topic_is_found_exactly()
    {
        Subscribe("t/+", "$share/g/t");
        Assert.Equal([new TopicRow("emqx@here", "t/+")], await _topics.FindAsync(TopicFilter.Parse("t/+"), default));
        Assert.Empty(await _topics.FindAsync(TopicFilter.Parse("t/a"), default));
        Assert.Empty(await _topics.FindAsync(TopicFilter.Parse("t"), default));
        using var page = await _topics.ListAsync(TopicFilter.Parse("$share/g/t"), null, 1, 10, default);
        Assert.Equal((1, 1L), (page.Count, page.Total));
    }

    /// <summary>One client is known.</summary>
    private sealed class OneSession(Session session) : ISessionActions
    {
        public Session? Find(string clientId) => clientId == session.ClientId ? session : null;

        public bool Kick(Session session) => false;

        public byte Subscribe(Session session, string filter, SubscriptionOptions options) => 0;

        public void Unsubscribe(Session session, string filter)
        {
        }

        public void SetKeepAlive(Session session, int seconds)
        {
        }

        public AuthorizationCache? AuthorizationCacheOf(Session session) => null;
    }
}
