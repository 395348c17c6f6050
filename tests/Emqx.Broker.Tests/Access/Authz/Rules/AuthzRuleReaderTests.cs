using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Monitoring;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.Rules;

/// <summary>Rules of tokens and of other systems' answers.</summary>
public sealed class AuthzRuleReaderTests
{
    [Theory]
    [InlineData("""{"permission":"allow","action":"publish","topic":"a/#"}""", true, 0, false, "a/b", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"pub","topic":"a/#"}""", true, 2, true, "a/b", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"pub","topic":"a/#"}""", false, 0, false, "a/b", nameof(AuthzVerdict.NoMatch))]
    [InlineData("""{"permission":"deny","action":"sub","topics":["b","a/+"]}""", false, 1, false, "a/b", nameof(AuthzVerdict.Deny))]
    [InlineData("""{"permission":"deny","action":"all","topic":"eq a/+"}""", false, 1, false, "a/b", nameof(AuthzVerdict.NoMatch))]
    [InlineData("""{"permission":"deny","action":"all","topic":"eq a/+"}""", false, 1, false, "a/+", nameof(AuthzVerdict.Deny))]
    [InlineData("""{"permission":"deny","action":"all","topic":"#"}""", true, 0, false, "$SYS/a", nameof(AuthzVerdict.NoMatch))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","qos":1}""", true, 1, false, "a", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","qos":"0,2"}""", true, 1, false, "a", nameof(AuthzVerdict.NoMatch))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","qos":["0",2]}""", true, 2, false, "a", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","qos":null,"retain":null}""", true, 2, true, "a", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","retain":"1"}""", true, 0, false, "a", nameof(AuthzVerdict.NoMatch))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","retain":false}""", true, 0, false, "a", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"all","topic":"#","retain":true}""", false, 0, false, "a", nameof(AuthzVerdict.Allow))]
    [InlineData("""{"permission":"allow","action":"sub","topic":"#","retain":"never"}""", false, 0, false, "a", nameof(AuthzVerdict.Allow))]
    public void A_rule_says_what_its_words_say(string json, bool isPublish, byte qos, bool retain, string topic, string verdict)
    {
        Assert.True(AuthzRuleReader.TryRead(ConfigJson.Parse(json), out var rule, out _));
        Assert.Equal(verdict, rule.Check(new() { Client = Fakes.Client(), IsPublish = isPublish, Qos = qos, Retain = retain, Topic = topic }).ToString());
    }

    [Theory]
    [InlineData("{}", "invalid_rule")]
    [InlineData("[]", "invalid_rule")]
    [InlineData("""{"permission":"allow","topic":"a"}""", "invalid_rule")]
    [InlineData("""{"permission":"allow","action":"all"}""", "missing_topic_or_topics")]
    [InlineData("""{"permission":"allow","action":"all","topics":[1]}""", "missing_topic_or_topics")]
    [InlineData("""{"permission":"perhaps","action":"all","topic":"a"}""", "invalid_permission")]
    [InlineData("""{"permission":"allow","action":"read","topic":"a"}""", "invalid_action")]
    [InlineData("""{"permission":"allow","action":"all","topic":"a","qos":3}""", "invalid_qos")]
    [InlineData("""{"permission":"allow","action":"all","topic":"a","qos":"1;2"}""", "invalid_qos")]
    [InlineData("""{"permission":"allow","action":"all","topic":"a","retain":2}""", "invalid_retain")]
    public void Another_rule_is_told_by_EMQX_s_word(string json, string problem)
    {
        Assert.False(AuthzRuleReader.TryRead(ConfigJson.Parse(json), out _, out var told));
        Assert.Equal(problem, told);
    }

    [Fact]
    public void Of_a_list_the_first_rule_that_matches_decides_and_one_wrong_rule_spoils_it()
    {
        const string deny = """{"permission":"deny","action":"all","topic":"a/#"}""";
        Assert.True(AuthzRuleReader.TryReadList(ConfigJson.Parse($$"""[{"permission":"allow","action":"all","topic":"a/b"},{{deny}}]"""), out var rules, out _));
        Assert.Equal([AuthzVerdict.Allow, AuthzVerdict.Deny, AuthzVerdict.NoMatch], new[] { "a/b", "a/c", "b" }.Select(topic =>
            rules.Check(new() { Client = Fakes.Client(), IsPublish = true, Topic = topic })));
        Assert.False(AuthzRuleReader.TryReadList(ConfigJson.Parse($"[{deny},7]"), out _, out var problem));
        Assert.Equal("invalid_rule", problem);
    }
}
