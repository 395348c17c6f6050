using Emqx.Broker.Routing;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

public class RouterStressTests
{
    private const int Rounds = 20_000;

    private readonly Router _router = new();
    private bool _isDone;

    [Fact]
    public async Task Who_stays_subscribed_is_matched_throughout()
    {
        string[] filters = ["a/b/c", "a/+/c", "a/#", "+/b/+"];
        foreach (var filter in filters)
            _router.Subscribe("stays", filter);
        _router.Subscribe("stays", "$share/g/a/b/c");
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(() => Churn(writer))).ToArray();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(Read)).ToArray();
        await Task.WhenAll(writers);
        Volatile.Write(ref _isDone, true);
        await Task.WhenAll(readers);

        Assert.Equal((5, 1, 5), (_router.SubscriptionCount, _router.SharedCount, _router.TopicCount));
        Assert.Equal(["stays", "stays", "stays", "stays"], _router.Receivers("a/b/c"));
    }

    private void Churn(int writer)
    {
        var random = new Random(writer);
        string[] filters = ["a/b/c", "a/+/c", "a/#", "+/b/+", "#", "a/b/+", "x/y", "x/+", "$share/g/a/b/c", "$share/h/a/#", "a/b/c/d/+"];
        var mine = new List<Subscription>();
        for (var i = 0; i < Rounds; i++)
        {
            if (mine.Count > 0 && random.Next(2) == 0)
            {
                var at = random.Next(mine.Count);
                Assert.True(_router.Remove(mine[at]));
                mine.RemoveAt(at);
            }
            else
            {
                var row = TestSubscriptions.Subscription($"w{writer}-{i}", filters[random.Next(filters.Length)]);
                Assert.True(_router.Add(row));
                mine.Add(row);
            }
        }

        foreach (var row in mine)
            Assert.True(_router.Remove(row));
    }

    private void Read()
    {
        var route = _router.Match("a/b/c");
        var state = new SharedPickState();
        var message = Emqx.Broker.Protocol.Message.Create("a/b/c", default, "p", 0);
        while (!Volatile.Read(ref _isDone))
        {
            if (!route.IsCurrent)
                route = _router.Match("a/b/c");
            var stays = 0;
            foreach (var leaf in route.Leaves)
            {
                foreach (var row in leaf.Subscribers)
                    stays += row?.Subscriber.ClientId == "stays" ? 1 : 0;
                foreach (var group in leaf.Groups)
                    if (group?.Name == "g" && leaf.Topic == "a/b/c")
                        Assert.NotNull(group.Pick(message, state, Emqx.Broker.Settings.SharedStrategy.RoundRobin, default));
            }

            Assert.Equal(4, stays);
        }
    }
}
