using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

public class SharedGroupTests
{
    private readonly Router _router = new();

    private SharedGroup Group(int members, string filter = "$share/g/t")
    {
        for (var i = 0; i < members; i++)
            _router.Subscribe($"m{i}", filter);
        return _router.Match("t").Leaves[0].Groups[0]!;
    }

    private static Message From(string publisher, string topic = "t") => Message.Create(topic, new byte[1], publisher, now: 0);

    private static string Pick(SharedGroup group, SharedPickState? state, SharedStrategy strategy, Message? message = null,
        SharedStrategy initial = SharedStrategy.Random) =>
        group.Pick(message ?? From("p"), state, strategy, initial)!.Subscriber.ClientId;

    [Fact]
    public void Round_robin_takes_turns_for_each_publisher()
    {
        var group = Group(3);
        SharedPickState one = new(), other = new();
        var firstOfOne = Pick(group, one, SharedStrategy.RoundRobin);
        var turns = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            Pick(group, other, SharedStrategy.RoundRobin);
            Pick(group, other, SharedStrategy.RoundRobin);
            turns.Add(Pick(group, one, SharedStrategy.RoundRobin));
        }

        Assert.Equal(3, turns.Take(3).Distinct().Count());
        Assert.Equal(firstOfOne, turns[2]);
        Assert.Equal(turns.Take(3), turns.Skip(3).Take(3));
        Assert.Equal(turns.Take(3), turns.Skip(6));
    }

    [Fact]
    public void Round_robin_has_a_turn_for_each_group_and_filter()
    {
        var g = Group(2);
        for (var i = 0; i < 2; i++)
            _router.Subscribe($"m{i}", "$share/h/t");
        var h = _router.Match("t").Leaves[0].Groups[1]!;
        var state = new SharedPickState();
        var first = (Pick(g, state, SharedStrategy.RoundRobin), Pick(h, state, SharedStrategy.RoundRobin));
        var second = (Pick(g, state, SharedStrategy.RoundRobin), Pick(h, state, SharedStrategy.RoundRobin));
        Assert.NotEqual(first.Item1, second.Item1);
        Assert.NotEqual(first.Item2, second.Item2);
    }

    [Fact]
    public void Round_robin_per_group_has_one_turn_for_all()
    {
        var group = Group(3);
        var turns = Enumerable.Range(0, 6).Select(i => Pick(group, new SharedPickState(), SharedStrategy.RoundRobinPerGroup)).ToArray();
        Assert.Equal(3, turns.Take(3).Distinct().Count());
        Assert.Equal(turns.Take(3), turns.Skip(3));
    }

    [Theory]
    [InlineData(nameof(SharedStrategy.Random))]
    [InlineData(nameof(SharedStrategy.Local))]
    public void Random_reaches_everybody_about_as_often(string strategy)
    {
        var group = Group(4);
        var counts = Enumerable.Range(0, 4000).Select(_ => Pick(group, null, Enum.Parse<SharedStrategy>(strategy))).CountBy(id => id);
        Assert.Equal(4, counts.Count());
        Assert.All(counts, count => Assert.InRange(count.Value, 800, 1200));
    }

    [Fact]
    public void Sticky_keeps_to_a_member_until_it_goes()
    {
        var group = Group(5);
        var state = new SharedPickState();
        var kept = group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.Random)!;
        for (var i = 0; i < 50; i++)
            Assert.Same(kept, group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.Random));
        _router.Remove(kept);
        var next = group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.Random)!;
        Assert.NotSame(kept, next);
        Assert.Same(next, group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.Random));
    }

    [Fact]
    public void Sticky_follows_new_options_of_its_member()
    {
        var group = Group(5);
        var state = new SharedPickState();
        var kept = group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.HashTopic)!;
        var again = TestSubscriptions.Subscription(kept.Subscriber, kept.Filter.Text, qos: 2);
        _router.Add(again);
        Assert.Same(again, group.Pick(From("p"), state, SharedStrategy.Sticky, SharedStrategy.Random));
    }

    [Fact]
    public void Sticky_picks_first_as_it_is_told()
    {
        var group = Group(7);
        var byTopic = Pick(group, null, SharedStrategy.HashTopic);
        Assert.Equal(byTopic, Pick(group, new SharedPickState(), SharedStrategy.Sticky, initial: SharedStrategy.HashTopic));
    }

    [Fact]
    public void Hash_clientid_depends_on_the_publisher_alone()
    {
        var group = Group(5);
        var first = Pick(group, null, SharedStrategy.HashClientId, From("p", "x"));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(first, Pick(group, null, SharedStrategy.HashClientId, From("p", $"t{i}"))));
        Assert.True(Enumerable.Range(0, 100).Select(i => Pick(group, null, SharedStrategy.HashClientId, From($"p{i}"))).Distinct().Count() > 3);
    }

    [Fact]
    public void Hash_topic_depends_on_the_topic_alone()
    {
        var group = Group(5);
        var first = Pick(group, null, SharedStrategy.HashTopic, From("p", "x"));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(first, Pick(group, null, SharedStrategy.HashTopic, From($"p{i}", "x"))));
        Assert.True(Enumerable.Range(0, 100).Select(i => Pick(group, null, SharedStrategy.HashTopic, From("p", $"t{i}"))).Distinct().Count() > 3);
    }

    [Fact]
    public void Members_go_without_disturbing_the_others()
    {
        var rows = Enumerable.Range(0, 50).Select(i => _router.Subscribe($"m{i}", "$share/g/t")).ToList();
        var group = _router.Match("t").Leaves[0].Groups[0]!;
        new Random(3).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows));
        while (rows.Count > 1)
        {
            _router.Remove(rows[^1]);
            rows.RemoveAt(rows.Count - 1);
            var state = new SharedPickState();
            var turn = Enumerable.Range(0, rows.Count).Select(_ => Pick(group, state, SharedStrategy.RoundRobin));
            Assert.Equal(rows.Select(row => row.Subscriber.ClientId).Order(), turn.Order());
        }
    }

    [Fact]
    public void A_publisher_forgets_groups_that_are_gone()
    {
        var state = new SharedPickState();
        for (var i = 0; i < 1000; i++)
        {
            var rows = new[] { _router.Subscribe("a", "$share/g/t"), _router.Subscribe("b", "$share/g/t") };
            Pick(_router.Match("t").Leaves[0].Groups[0]!, state, SharedStrategy.RoundRobin);
            Array.ForEach(rows, row => _router.Remove(row));
        }

        Assert.InRange(state.Count, 0, 64);
    }

    [Fact]
    public void An_empty_group_gives_nobody()
    {
        var row = _router.Subscribe("a", "$share/g/t");
        var group = _router.Match("t").Leaves[0].Groups[0]!;
        _router.Remove(row);
        Assert.Null(group.Pick(From("p"), null, SharedStrategy.RoundRobin, SharedStrategy.Random));
    }

    [Fact]
    public void Many_groups_of_a_filter_are_found_and_served_and_go_again_one_by_one()
    {
        const int count = 3000;
        var left = Enumerable.Range(0, count).Select(i => _router.Subscribe("m", $"$share/g{i}/t")).ToList();
        Assert.Equal(count, Groups().Distinct().Count());
        for (var i = 0; left.Count > 0; i = (i + 7919) % Math.Max(1, left.Count))
        {
            var leaving = left[i % left.Count];
            Assert.NotNull(_router.FindGroup(leaving.Filter));
            _router.Remove(leaving);
            left.Remove(leaving);
            Assert.Null(_router.FindGroup(leaving.Filter));
            if (left.Count is 2000 or 700 or < 12)
                Assert.Equal(left.Select(row => row.Filter.Group).Order(), Groups().Order());
        }

        Assert.True(_router.Match("t").Leaves.IsEmpty);
    }

    private List<string> Groups()
    {
        var names = new List<string>();
        foreach (var leaf in _router.Match("t").Leaves)
        {
            foreach (var group in leaf.Groups)
            {
                if (group is not null)
                    names.Add(group.Name);
            }
        }

        return names;
    }
}
