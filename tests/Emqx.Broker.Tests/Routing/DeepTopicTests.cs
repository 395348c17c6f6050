using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

/// <summary>Topics and filters of many levels: they are found whatever else has come and gone, and cost a few times their length.</summary>
public sealed class DeepTopicTests
{
    private static readonly string[] s_levels = ["a", "b", "", "aa", "$c"];

    private static string Topic(Random random, bool isFilter)
    {
        var levels = Enumerable.Range(0, random.Next(1, 9)).Select(_ => isFilter && random.Next(4) == 0 ? "+" : s_levels[random.Next(s_levels.Length)]).ToList();
        if (isFilter && random.Next(3) == 0)
            levels[^1] = "#";
        var topic = string.Join('/', levels);
        return topic.Length == 0 ? "x" : topic;
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_tree_of_filters_finds_what_a_list_of_them_would(int seed)
    {
        var random = new Random(seed);
        var router = new Router();
        var all = new Dictionary<string, Subscription>();
        for (var i = 0; i < 6000; i++)
        {
            var filter = Topic(random, isFilter: true);
            if (all.Remove(filter, out var known))
                Assert.True(router.Remove(known));
            else
                all[filter] = router.Subscribe("c", filter);
            if (i % 20 != 0)
                continue;
            var topic = Topic(random, isFilter: false);
            Assert.Equal(all.Keys.Where(f => TopicMatcher.Matches(topic, f)).Order(StringComparer.Ordinal), Matching(router, topic));
        }

        foreach (var subscription in all.Values.OrderBy(_ => random.Next()))
            router.Remove(subscription);
        Assert.Empty(Matching(router, "a/b"));
    }

    [Theory, InlineData(4), InlineData(5), InlineData(6)]
    public void A_tree_of_messages_finds_what_a_list_of_them_would(int seed)
    {
        var random = new Random(seed);
        var tree = new RetainedTree();
        var all = new HashSet<string>();
        for (var i = 0; i < 6000; i++)
        {
            var topic = Topic(random, isFilter: false);
            if (all.Add(topic))
                tree.Put(Retained(topic));
            else if (random.Next(3) > 0 && all.Remove(topic))
                tree.Remove(topic);
            Assert.Equal(all.Contains(topic), tree.Find(topic) is not null);
            if (i % 20 != 0)
                continue;
            var filter = Topic(random, isFilter: true);
            var found = new List<RetainedMessage>();
            tree.Match(filter, found);
            Assert.Equal(all.Where(t => TopicMatcher.Matches(t, filter)).Order(StringComparer.Ordinal), found.Select(m => m.Topic).Order(StringComparer.Ordinal));
        }

        foreach (var topic in all)
            tree.Remove(topic);
        Assert.True(tree.Root.Children is null or { Count: 0 });
    }

    [Fact]
    public void A_walk_rests_wherever_its_budget_ends_and_gives_each_message_once()
    {
        var tree = new RetainedTree();
        for (var i = 0; i < 500; i++)
            tree.Put(Retained($"a/{i % 7}/{i}/z"));
        var walk = new RetainedWalk(tree, "a/+/#");
        var found = new List<string>();
        for (var turns = 0; !walk.IsOver; turns++)
        {
            Assert.True(turns < 10_000, "it goes on");
            var budget = 3;
            while (walk.Next(ref budget) is { } message)
                found.Add(message.Topic);
            if (turns == 20)
                tree.Put(Retained("a/new/0/z"));
        }

        Assert.Equal(500, found.Where(topic => topic != "a/new/0/z").Distinct().Count());
        Assert.Equal(found.Count, found.Distinct().Count());
    }

    [Fact]
    public void Deep_topics_and_filters_cost_a_few_times_their_length()
    {
        const int count = 2000;
        var topics = Enumerable.Range(0, count).Select(i => string.Join('/', Enumerable.Repeat("l", 126)) + $"/{i}/x").ToArray();
        var different = Enumerable.Range(0, count).Select(i => $"{i}/" + string.Join('/', Enumerable.Repeat("m", 126)) + "/x").ToArray();
        var length = 2L * topics.Concat(different).Sum(topic => (long)topic.Length);
        var tree = new RetainedTree();
        var wildcards = new WildcardTree();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var topic in topics.Concat(different))
        {
            tree.Put(Retained(topic));
            wildcards.Add(new Leaf(topic + "/+"));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * length); // what was made on the way included
    }

    private static RetainedMessage Retained(string topic) => new(Message.Create(topic, new byte[1], "p", 0), 0);

    private static IEnumerable<string> Matching(Router router, string topic)
    {
        var route = router.Match(topic);
        var names = new List<string>();
        foreach (var leaf in route.Leaves)
            names.Add(leaf.Topic);
        return names.Order(StringComparer.Ordinal);
    }
}
