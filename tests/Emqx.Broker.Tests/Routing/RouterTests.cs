using Emqx.Broker.Routing;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

public class RouterTests
{
    private readonly Router _router = new();

    [Fact]
    public void A_topic_without_subscribers_has_an_empty_route()
    {
        Assert.True(_router.Match("a/b").Leaves.IsEmpty);
        Assert.True(_router.Match("a/b").IsCurrent);
    }

    [Fact]
    public void Every_filter_that_matches_is_a_leaf_of_the_route()
    {
        foreach (var filter in (string[])["a/b", "a/+", "+/b", "a/#", "#", "+/+", "a/b/#", "a", "a/b/c", "b/#"])
            _router.Subscribe(filter, filter);
        Assert.Equal(["#", "+/+", "+/b", "a/#", "a/+", "a/b", "a/b/#"], _router.Receivers("a/b"));
    }

    [Fact]
    public void Subscribers_come_in_the_order_in_which_they_subscribed()
    {
        for (var i = 0; i < 100; i++)
            _router.Subscribe($"c{i:000}", "t");
        var ids = new List<string>();
        foreach (var row in _router.Match("t").Leaves[0].Subscribers)
            if (row is not null)
                ids.Add(row.Subscriber.ClientId);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"c{i:000}"), ids);
    }

    [Fact]
    public void Subscribing_again_replaces_the_options_in_place()
    {
        var subscriber = new TestSubscriber("c");
        Assert.True(_router.Add(TestSubscriptions.Subscription(subscriber, "t", qos: 0)));
        var route = _router.Match("t");
        Assert.False(_router.Add(TestSubscriptions.Subscription(subscriber, "t", qos: 2)));
        Assert.True(route.IsCurrent);
        Assert.Equal(2, Assert.Single(route.Leaves[0].Subscribers.ToArray(), row => row is not null)!.Options.Qos);
        Assert.Equal(1, _router.SubscriptionCount);
    }

    [Fact]
    public void The_same_client_may_have_a_topic_plain_and_in_groups()
    {
        foreach (var filter in (string[])["t", "$share/g/t", "$share/h/t", "$queue/t"])
            Assert.True(_router.Add(TestSubscriptions.Subscription("c", filter)));
        var leaf = Assert.Single(_router.Match("t").Leaves.ToArray());
        Assert.Equal(["g", "h", "$queue"], leaf.Groups.ToArray().Select(group => group!.Name));
        Assert.Equal((4, 3, 4, 1), (_router.SubscriptionCount, _router.SharedCount, _router.TopicCount, _router.SubscriberCount));
    }

    [Fact]
    public void Removing_a_subscription_that_was_replaced_leaves_the_newer_one()
    {
        var old = _router.Subscribe("c", "t");
        _router.Subscribe("c", "t");
        Assert.False(_router.Remove(old));
        Assert.Equal(["c"], _router.Receivers("t"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a/+")]
    [InlineData("#")]
    [InlineData("$share/g/a/b")]
    public void A_route_is_stale_once_a_filter_appears_or_vanishes(string filter)
    {
        var before = _router.Match("a/b");
        var version = _router.Version;
        var row = _router.Subscribe("c", filter);
        Assert.False(before.IsCurrent);
        Assert.NotEqual(version, _router.Version);

        var with = _router.Match("a/b");
        Assert.Single(with.Leaves.ToArray());
        Assert.True(_router.Remove(row));
        Assert.False(with.IsCurrent);
        Assert.True(_router.Match("a/b").Leaves.IsEmpty);
    }

    [Fact]
    public void Routes_stay_while_only_subscribers_come_and_go()
    {
        _router.Subscribe("a", "t");
        var route = _router.Match("t");
        var second = _router.Subscribe("b", "t");
        var shared = _router.Subscribe("c", "$share/g/t");
        Assert.True(route.IsCurrent);
        Assert.Equal(2, route.Leaves[0].SubscriberCount);
        Assert.Equal(1, route.Leaves[0].Groups.Length);
        _router.Remove(second);
        _router.Remove(shared);
        Assert.True(route.IsCurrent);
        Assert.Equal(1, route.Leaves[0].SubscriberCount);
        Assert.Equal(0, route.Leaves[0].Groups.Length);
    }

    [Fact]
    public void A_route_outlives_filters_of_other_topics_mostly()
    {
        _router.Subscribe("a", "t");
        var route = _router.Match("t");
        var stale = 0;
        for (var i = 0; i < 1000; i++)
        {
            _router.Subscribe("c", $"other/{i}");
            if (route.IsCurrent)
                continue;
            stale++;
            route = _router.Match("t");
        }

        Assert.InRange(stale, 0, 50);
    }

    [Fact]
    public void Nothing_is_left_when_all_have_gone()
    {
        string[] filters = ["a", "a/b", "a/+/c", "a/#", "#", "+", "$share/g/a/+", "$share/g/a", "a/+/c/d", "x/y/z/+"];
        var rows = filters.Select(filter => _router.Subscribe("c", filter)).ToList();
        Assert.Equal((filters.Length, 2, filters.Length), (_router.SubscriptionCount, _router.SharedCount, _router.TopicCount));
        foreach (var row in rows)
            Assert.True(_router.Remove(row));
        Assert.Equal((0, 0, 0), (_router.SubscriptionCount, _router.SharedCount, _router.TopicCount));
        Assert.True(_router.Match("a/b/c").Leaves.IsEmpty);
        Assert.False(_router.Remove(rows[0]));
    }

    [Fact]
    public void A_hundred_thousand_come_to_one_filter_and_go_again()
    {
        var rows = Enumerable.Range(0, 100_000).Select(i => TestSubscriptions.Subscription($"c{i}", "t")).ToArray();
        foreach (var row in rows)
            _router.Add(row);
        Assert.Equal(rows.Length, _router.Match("t").Leaves[0].SubscriberCount);
        new Random(1).Shuffle(rows);
        for (var i = 0; i < rows.Length - 1; i++)
            Assert.True(_router.Remove(rows[i]));
        Assert.Equal([rows[^1].Subscriber.ClientId], _router.Receivers("t"));
        Assert.InRange(_router.Match("t").Leaves[0].Subscribers.Length, 1, 8);
    }

    [Fact]
    public void Very_deep_topics_match_without_recursion()
    {
        var deep = string.Join('/', Enumerable.Repeat("a", 30_000));
        _router.Subscribe("a", string.Join('/', Enumerable.Repeat("+", 30_000)));
        _router.Subscribe("b", deep + "/#");
        Assert.Equal(["a", "b"], _router.Receivers(deep));
    }

    [Fact]
    public void Matching_allocates_the_route_alone()
    {
        for (var i = 0; i < 100; i++)
            _router.Subscribe("c", $"sensor/{i}/+");
        _router.Subscribe("c", "sensor/#");
        _router.Match("sensor/5/x");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _router.Match("sensor/5/x");
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 120);
    }

    [Fact]
    public void An_exclusive_topic_has_one_owner()
    {
        var (first, second) = (new TestSubscriber("a"), new TestSubscriber("b"));
        Assert.True(_router.TryClaimExclusive("t", first));
        Assert.True(_router.TryClaimExclusive("t", first));
        Assert.False(_router.TryClaimExclusive("t", second));
        _router.ReleaseExclusive("t", second);
        Assert.False(_router.TryClaimExclusive("t", second));
        _router.ReleaseExclusive("t", first);
        Assert.True(_router.TryClaimExclusive("t", second));
    }

    [Fact]
    public void The_next_session_of_the_same_client_takes_its_exclusive_topics_over()
    {
        var (old, next) = (new TestSubscriber("a"), new TestSubscriber("a"));
        Assert.True(_router.TryClaimExclusive("t", old));
        Assert.True(_router.TryClaimExclusive("t", next));
        _router.ReleaseExclusive("t", old);
        Assert.False(_router.TryClaimExclusive("t", new TestSubscriber("b")));
    }

    [Fact]
    public void Removing_an_exclusive_subscription_frees_its_topic()
    {
        var subscriber = new TestSubscriber("a");
        Assert.True(_router.TryClaimExclusive("t", subscriber));
        var row = TestSubscriptions.Subscription(subscriber, "$exclusive/t");
        _router.Add(row);
        Assert.Equal("t", row.Filter.Text);
        _router.Remove(row);
        Assert.True(_router.TryClaimExclusive("t", new TestSubscriber("b")));
    }
}
