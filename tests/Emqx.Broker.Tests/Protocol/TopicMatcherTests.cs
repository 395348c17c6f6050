using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Tests.Routing;
using Xunit;

namespace Emqx.Broker.Tests.Protocol;

public class TopicMatcherTests
{
    public static TheoryData<string, string, bool> Cases => new()
    {
        { "a", "a", true }, { "a", "b", false }, { "a/b", "a", false }, { "a", "a/b", false }, { "a/b/c", "a/+/c", true },
        { "a/b/c", "a/+", false }, { "a/b", "a/+", true }, { "a/", "a/+", true }, { "a", "a/+", false }, { "a", "a/#", true },
        { "a/b/c", "a/#", true }, { "ab", "a/#", false }, { "a", "#", true }, { "/", "#", true }, { "/", "+/+", true }, { "/", "+", false },
        { "", "#", true }, { "", "+", true }, { "/a", "+/a", true }, { "/a", "/+", true }, { "a//b", "a/+/b", true }, { "a//b", "a/#", true },
        { "$SYS/a", "#", false }, { "$SYS/a", "+/a", false }, { "$SYS/a", "$SYS/#", true }, { "$SYS/a", "$SYS/+", true }, { "$SYS", "$SYS/#", true },
        { "a/$b", "a/+", true }, { "a/b/c/d", "+/+/+/+", true }, { "a/b/c/d", "+/b/#", true }, { "a/b/c/d", "+/c/#", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Filters_select_topics_as_MQTT_says(string topic, string filter, bool expected) =>
        Assert.Equal(expected, TopicMatcher.Matches(topic, filter));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_router_selects_the_same(string topic, string filter, bool expected)
    {
        var router = new Router();
        router.Subscribe("other", "some/+/other/#");
        router.Subscribe("c", filter);
        Assert.Equal(expected ? ["c"] : [], router.Receivers(topic));
    }

    [Theory]
    [InlineData("t/+", "t/+", true)]
    [InlineData("t/#", "t/+", true)]
    [InlineData("t/+", "t/a", false)]
    [InlineData("a/#/b", "a/#/b", true)]
    [InlineData("a/x/b", "a/#/b", false)]
    public void A_filter_may_stand_for_a_topic(string topic, string filter, bool expected) =>
        Assert.Equal(expected, TopicMatcher.Matches(topic, filter));

    [Fact]
    public void Tree_and_matcher_agree_on_random_filters()
    {
        var random = new Random(4711);
        var router = new Router();
        var filters = Enumerable.Range(0, 400).Select(_ => RandomTopic(random, ["a", "b", "", "$x", "+", "+"], 4) + (random.Next(3) == 0 ? "/#" : "")).Distinct().ToArray();
        var rows = filters.Select((filter, i) => router.Subscribe($"{i}", filter)).ToList();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 300; i++)
            {
                var topic = RandomTopic(random, ["a", "b", "", "$x", "c"], 5);
                var expected = rows.Where(row => TopicMatcher.Matches(topic, row.Filter.Topic)).Select(row => row.Subscriber.ClientId).Order(StringComparer.Ordinal);
                Assert.Equal(expected, router.Receivers(topic));
            }

            foreach (var gone in rows.Where(_ => random.Next(3) == 0).ToList())
            {
                Assert.True(router.Remove(gone));
                rows.Remove(gone);
            }
        }
    }

    private static string RandomTopic(Random random, string[] levels, int most) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => levels[random.Next(levels.Length)]));
}
