using Emqx.Broker.Clients;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Subscriptions;

/// <summary>GET /subscriptions and /topics: how they are asked and what they answer, with rows of two nodes.</summary>
public sealed class SubscriptionTests : IDisposable
{
    /// <summary>Remembers the question; "emqx@lost" does not answer.</summary>
    private sealed class Directory : ISubscriptionDirectory, ITopicDirectory
    {
        public SubscriptionFilter? Asked { get; private set; }

        public ValueTask<RowPage<SubscriptionRow>> ListAsync(SubscriptionFilter filter, int page, int limit, CancellationToken cancellation)
        {
            Asked = filter;
            if (filter.Node == "emqx@lost")
                return new(RowPage<SubscriptionRow>.Unreachable(filter.Node, "timeout"));
            var rows = new RowPage<SubscriptionRow>(2) { Total = filter.IsFuzzy ? null : 7, HasNext = true };
            rows.Add(new SubscriptionRow("n1", "a/\"b\"", "c1", new SubscriptionOptions(1, true, true, 2, 0)));
            rows.Add(new SubscriptionRow("n2", "$share/g/t", "c2", new SubscriptionOptions(0, false, false, 0, 0)));
            return new(rows);
        }

        public ValueTask<RowPage<TopicRow>> ListAsync(TopicFilter? topic, string? fromNode, int page, int limit, CancellationToken cancellation)
        {
            var rows = new RowPage<TopicRow>(2) { Total = 2 };
            rows.Add(new TopicRow(fromNode ?? "n1", topic?.Text ?? "a"));
            rows.Add(new TopicRow("n2", "b"));
            return new(rows);
        }

        public ValueTask<IReadOnlyList<TopicRow>> FindAsync(TopicFilter topic, CancellationToken cancellation) =>
            new(topic.Text == "a/+" ? [new TopicRow("n1", "a/+"), new TopicRow("n2", "a/+")] : []);
    }

    private readonly Directory _directory = new();
    private readonly EmqxApp _app;
    private readonly HttpClient _http;

    public SubscriptionTests()
    {
        _app = new EmqxApp { With = services => services.AddSingleton<ISubscriptionDirectory>(_directory).AddSingleton<ITopicDirectory>(_directory) };
        _http = _app.WithKey();
    }

    public void Dispose()
    {
        _http.Dispose();
        _app.Dispose();
    }

    [Fact]
    public async Task Subscriptions_show_their_options_as_numbers()
    {
        Assert.Equal("""
            {"data":[{"topic":"a/\"b\"","clientid":"c1","node":"n1","qos":1,"nl":1,"rap":1,"rh":2,"durable":false},{"topic":"$share/g/t","clientid":"c2","node":"n2","qos":0,"nl":0,"rap":0,"rh":0,"durable":false}],"meta":{"page":3,"limit":2,"count":7,"hasnext":true}}
            """, await _http.GetStringAsync("/api/v5/subscriptions?page=3&limit=2"));
    }

    [Fact]
    public async Task Parameters_reach_the_directory()
    {
        await _http.GetStringAsync("/api/v5/subscriptions?clientid=c&qos=1&topic=t&match_topic=x&share_group=g&node=n&durable=false");
        Assert.Equal(new SubscriptionFilter { ClientId = "c", Qos = 1, Topic = "t", ShareGroup = "g", Node = "n", Durable = false }, _directory.Asked);
        var searched = await (await _http.GetAsync("/api/v5/subscriptions?match_topic=a/%23")).JsonAsync();
        Assert.False(searched.GetProperty("meta").TryGetProperty("count", out _));
    }

    [Theory]
    [InlineData("qos=3", "400 BAD_REQUEST")]
    [InlineData("durable=maybe", "400 BAD_REQUEST")]
    [InlineData("match_topic=$share/g/t", "400 INVALID_PARAMETER")]
    [InlineData("node=emqx@lost", "500 NODE_DOWN")]
    public async Task Bad_questions_are_refused(string query, string failure)
    {
        using var answer = await _http.GetAsync("/api/v5/subscriptions?" + query);
        Assert.Equal(failure, await answer.FailureAsync());
    }

    [Fact]
    public async Task Topics_are_listed_with_their_nodes()
    {
        Assert.Equal("""{"data":[{"topic":"$share/g/t","node":"n"},{"topic":"b","node":"n2"}],"meta":{"page":1,"limit":100,"count":2,"hasnext":false}}""",
            await _http.GetStringAsync("/api/v5/topics?topic=$share/g/t&node=n"));
        using var bad = await _http.GetAsync("/api/v5/topics?topic=$share/g");
        Assert.Equal("400 INVALID_PARAMTER", await bad.FailureAsync());
    }

    [Fact]
    public async Task One_topic_is_found_by_its_encoded_text()
    {
        Assert.Equal("""[{"topic":"a/+","node":"n1"},{"topic":"a/+","node":"n2"}]""", await _http.GetStringAsync("/api/v5/topics/a%2F%2B"));
        foreach (var unknown in new[] { "a%2Fb", "$share%2Fg" })
        {
            using var answer = await _http.GetAsync("/api/v5/topics/" + unknown);
            Assert.Equal("404 TOPIC_NOT_FOUND", await answer.FailureAsync());
        }
    }
}
