using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Node;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Topics as rules rewrite them, on the hooks alone.</summary>
public sealed class TopicRewriteTests
{
    /// <summary>Needs backtracking, and on a long row of the letter a without end.</summary>
    private const string SlowPattern = "^(?!b)(a+)+c?$";

    private readonly ManualClock _time = Fakes.Clock();
    private readonly BrokerHooks _hooks = new(NullLogger<BrokerHooks>.Instance, TimeProvider.System);
    private readonly RunningConfiguration _running = new(NodeRoots.Catalogue, new Dictionary<string, ConfigValue>(), static _ => false);
    private readonly TopicRewrite _rewrite;

    public TopicRewriteTests()
    {
        _rewrite = new TopicRewrite(_running, _time);
        _rewrite.Attach(_hooks);
    }

    private void Rules(params (string Action, string Source, string Re, string Dest)[] rules) => _running.Replace(new Dictionary<string, ConfigValue>
    {
        ["rewrite"] = new ConfigArray([.. rules.Select(static rule => new ConfigObject(new()
        {
            ["action"] = rule.Action, ["source_topic"] = rule.Source, ["dest_topic"] = rule.Dest, ["re"] = rule.Re,
        }))]),
    });

    private async Task<string> PublishedAsync(string topic, string clientId = "c", string? username = null)
    {
        var sent = new Message
        {
            Topic = topic, TopicUtf8 = [1], Payload = new byte[] { 2 }, From = clientId, FromUsername = username, PublishedAt = 4,
        };
        var attempt = PublishAttempt.Take(sent);
        await _hooks.MessagePublish.RunAsync(attempt);
        var topicAfter = attempt.Message.Topic;
        attempt.Return();
        return topicAfter;
    }

    private async Task<string> SubscribedAsync(string filter, bool isUnsubscribe = false, string clientId = "c")
    {
        var attempt = new SubscribeAttempt(Fakes.Client(clientId, "u"), filter, default);
        await (isUnsubscribe ? _hooks.ClientUnsubscribe : _hooks.ClientSubscribe).RunAsync(attempt);
        return attempt.Filter;
    }

    [Theory]
    [InlineData("x/y/a/7", "^x/y/(.+)/([0-9]+)$", "z/$2/$1", "z/7/a")]
    [InlineData("x/other", "^x/y/(.+)$", "z/$1", "x/other")]
    [InlineData("x/a", "a", "z", "z")]
    [InlineData("x/a", "^x/(a)(b)?$", "z/$1/$2", "z/a/$2")]
    [InlineData("x/a", "^x/(b)?(a)$", "z/$1/$2", "z//a")]
    [InlineData("x/a", "^x/(.)$", "z/$1/$2/$10/$0/$", "z/a/$2/a0/$0/$")]
    [InlineData("x/$2", "^x/(.+?)(2)$", "z/$1", "z/$")]
    [InlineData("x/a&b", "^x/(.+)$", "$1/$1", "a&b/a&b")]
    public async Task The_groups_of_the_pattern_stand_in_the_destination(string topic, string re, string dest, string expected)
    {
        Rules(("publish", "x/#", re, dest));
        Assert.Equal(expected, await PublishedAsync(topic));
    }

    [Theory]
    [InlineData("u", "x/u/c/a")]
    [InlineData("", "x/${username}/c/a")]
    [InlineData(null, "x/${username}/c/a")]
    [InlineData("$1", "x/$1/c/a")]
    public async Task The_names_of_the_client_stand_in_the_destination(string? username, string expected)
    {
        Rules(("publish", "a", "^(.)$", "x/${username}/${clientid}/$1"));
        Assert.Equal(expected, await PublishedAsync("a", "c", username));
    }

    [Fact]
    public async Task The_last_rule_whose_filter_selects_the_topic_decides()
    {
        Rules(("publish", "t/#", "^t/(.+)$", "first"), ("publish", "t/+", "^t/a$", "second"));
        Assert.Equal("second", await PublishedAsync("t/a"));
        Assert.Equal("t/b", await PublishedAsync("t/b"));
        Assert.Equal("first", await PublishedAsync("t/c/d"));
        Assert.Equal("other", await PublishedAsync("other"));
    }

    [Fact]
    public async Task A_rule_is_for_publishing_or_subscribing_or_both()
    {
        Rules(("publish", "p", "p", "p2"), ("subscribe", "s", "s", "s2"), ("all", "a", "a", "a2"));
        Assert.Equal(("p2", "s", "a2"), (await PublishedAsync("p"), await PublishedAsync("s"), await PublishedAsync("a")));
        Assert.Equal(("p", "s2", "a2"), (await SubscribedAsync("p"), await SubscribedAsync("s"), await SubscribedAsync("a")));
        Assert.Equal(("p", "s2", "a2"), (await SubscribedAsync("p", true), await SubscribedAsync("s", true), await SubscribedAsync("a", true)));
    }

    [Theory]
    [InlineData("y/+/z/#", "to/+/#")]
    [InlineData("$share/g/y/a/z/b", "$share/g/to/a/b")]
    [InlineData("$queue/y/a/z/b", "$queue/to/a/b")]
    [InlineData("$exclusive/y/a/z/b", "$exclusive/to/a/b")]
    [InlineData("y/a", "y/a")]
    public async Task Of_a_filter_the_topic_is_rewritten(string filter, string expected)
    {
        Rules(("subscribe", "y/+/z/#", "^y/(.+)/z/(.+)$", "to/$1/$2"));
        Assert.Equal(expected, await SubscribedAsync(filter));
    }

    [Fact]
    public async Task Without_rules_no_hook_is_used()
    {
        Assert.False(_hooks.MessagePublish.IsUsed || _hooks.ClientSubscribe.IsUsed || _hooks.ClientUnsubscribe.IsUsed);
        Rules(("publish", "a", "a", "b"));
        Assert.True(_hooks.MessagePublish.IsUsed);
        Assert.False(_hooks.ClientSubscribe.IsUsed || _hooks.ClientUnsubscribe.IsUsed);
        Rules(("subscribe", "a", "a", "b"));
        Assert.False(_hooks.MessagePublish.IsUsed);
        Assert.True(_hooks.ClientSubscribe.IsUsed && _hooks.ClientUnsubscribe.IsUsed);
        Rules();
        Assert.False(_hooks.MessagePublish.IsUsed || _hooks.ClientSubscribe.IsUsed || _hooks.ClientUnsubscribe.IsUsed);
        Assert.Equal("a", await PublishedAsync("a"));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("a/#")]
    public async Task A_name_of_a_client_brings_no_wildcard_into_a_topic(string clientId)
    {
        Rules(("all", "mine", "mine", "private/${clientid}"));
        Assert.Equal("mine", await PublishedAsync("mine", clientId));
        Assert.Equal("mine", await SubscribedAsync("mine", clientId: clientId));
        Assert.Equal("private/c", await SubscribedAsync("mine"));
    }

    [Fact]
    public async Task What_would_be_no_topic_stays_as_it_is()
    {
        var many = string.Concat(Enumerable.Repeat("$1", 20_000));
        Rules(("publish", "long/#", "^long/(.+)$", many), ("subscribe", "wild/#", "^wild/(.+)$", "x/$1/y"));
        var topic = "long/" + new string('a', 60_000);
        Assert.Equal(topic, await PublishedAsync(topic));
        Assert.Equal("wild/#", await SubscribedAsync("wild/#"));
        Assert.Equal("x/+/y", await SubscribedAsync("wild/+"));
    }

    [Fact]
    public async Task A_client_whose_topics_take_patterns_too_long_is_given_up_for_a_minute()
    {
        Rules(("publish", "#", SlowPattern, "b"));
        var slow = new string('a', 60) + "!";
        for (var i = 0; i < 3; i++)
            Assert.Equal(slow, await PublishedAsync(slow, "evil"));
        Assert.Equal("aa", await PublishedAsync("aa", "evil"));
        Assert.Equal("b", await PublishedAsync("aa", "good"));
        _time.Advance(TimeSpan.FromSeconds(61));
        await _rewrite.TickAsync(_time.Ms(), default);
        Assert.Equal("b", await PublishedAsync("aa", "evil"));
    }

    [Fact]
    public void While_too_many_clients_are_slow_strangers_are_given_up_too()
    {
        var patience = new RewritePatience(_time);
        Assert.False(patience.IsOver("stranger"));
        for (var i = 0; i < 1000; i++)
            patience.Spend($"slow {i}");
        Assert.True(patience.IsOver("stranger"));
        Assert.False(patience.IsOver("slow 7"));
    }

    [Fact]
    public async Task The_message_stays_the_same_but_for_its_topic()
    {
        Rules(("publish", "a", "a", "b"));
        var sent = Message.Create("a", new byte[] { 1 }, "c", 5, qos: 2, retain: true, [3], expiresAt: 9);
        var attempt = PublishAttempt.Take(sent);
        await _hooks.MessagePublish.RunAsync(attempt);
        var got = attempt.Message;
        attempt.Return();
        Assert.Equal(("b", sent.Id, (byte)2, true, 9L), (got.Topic, got.Id, got.Qos, got.Retain, got.ExpiresAt));
        Assert.Equal("b"u8.ToArray(), got.TopicUtf8);
    }
}
