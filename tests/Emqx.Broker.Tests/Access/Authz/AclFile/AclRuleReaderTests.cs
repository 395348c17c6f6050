using System.Net;
using Emqx.Broker.Access.Authz.AclFile;
using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.AclFile;

/// <summary>Rules as Erlang terms.</summary>
public sealed class AclRuleReaderTests
{
    [Theory]
    [InlineData("all", true)]
    [InlineData("""{username, "ann"}""", true)]
    [InlineData("""{user, "bob"}""", false)]
    [InlineData("""{username, {re, "^a.n$"}}""", true)]
    [InlineData("""{user, {re, "nn"}}""", true)]
    [InlineData("""{clientid, "c1"}""", true)]
    [InlineData("""{client, {re, "^c[0-9]+$"}}""", true)]
    [InlineData("""{clientid, <<"c1">>}""", true)]
    [InlineData("""{clientid, <<"c1"/utf8>>}""", true)]
    [InlineData("""{client_attr, "group", "red"}""", true)]
    [InlineData("""{client_attr, "group", {re, "^r"}}""", true)]
    [InlineData("""{client_attr, "none", {re, ".*"}}""", false)]
    [InlineData("""{ipaddr, "192.0.2.7"}""", true)]
    [InlineData("""{ipaddr, "192.0.2.77/24"}""", true)]
    [InlineData("""{ipaddr, "::ffff:192.0.2.7"}""", true)]
    [InlineData("""{ipaddr, "2001:db8::/32"}""", false)]
    [InlineData("""{ipaddrs, ["10.0.0.0/8", "192.0.2.0/24"]}""", true)]
    [InlineData("""{ipaddrs, []}""", false)]
    [InlineData("""{'and', [{username, "ann"}, {clientid, "c1"}]}""", true)]
    [InlineData("""{'and', [{username, "ann"}, {clientid, "c2"}]}""", false)]
    [InlineData("""{'or', [{username, "bob"}, {clientid, "c1"}]}""", true)]
    [InlineData("""{'or', [{username, "bob"}, {'and', [all, {ipaddr, "10.0.0.1"}]}]}""", false)]
    public void A_rule_is_about_whom_it_names(string who, bool concerns) => Assert.Equal(concerns, Allows($"{{allow, {who}, all, all}}.", isPublish: true, "t"));

    [Theory]
    [InlineData("publish", true, 0, false, true)]
    [InlineData("subscribe", true, 0, false, false)]
    [InlineData("subscribe", false, 2, false, true)]
    [InlineData("all", false, 0, false, true)]
    [InlineData("{publish, [{qos, 1}]}", true, 1, false, true)]
    [InlineData("{publish, [{qos, 1}]}", true, 2, false, false)]
    [InlineData("{publish, [{qos, [0, 2]}, {retain, true}]}", true, 2, true, true)]
    [InlineData("{publish, [{qos, [0, 2]}, {retain, true}]}", true, 2, false, false)]
    [InlineData("{all, [{retain, false}]}", false, 1, false, true)]
    [InlineData("{all, [{retain, all}]}", true, 1, true, true)]
    [InlineData("{all, [retain]}", true, 1, true, true)]
    [InlineData("{subscribe, [{qos, 2}]}", false, 1, false, false)]
    [InlineData("{subscribe, []}", false, 1, false, true)]
    public void A_rule_is_about_the_action_that_it_names(string action, bool isPublish, byte qos, bool retain, bool concerns) =>
        Assert.Equal(concerns, Allows($"{{allow, all, {action}, [\"t\"]}}.", isPublish, "t", qos, retain));

    [Theory]
    [InlineData("""["a/+"]""", "a/b", true)]
    [InlineData("""["a/+"]""", "a/b/c", false)]
    [InlineData("""["x", "a/#"]""", "a", true)]
    [InlineData("""[{eq, "a/#"}]""", "a/b", false)]
    [InlineData("""[{eq, "a/#"}]""", "a/#", true)]
    [InlineData("""["eq a/#"]""", "a/#", true)]
    [InlineData("""["a/" "b"]""", "a/b", true)]
    [InlineData("""["a\x{2F}b", "\"q\""]""", "a/b", true)]
    [InlineData("""["#"]""", "$SYS/a", false)]
    [InlineData("all", "$SYS/a", true)]
    [InlineData("""[<<"a">>]""", "a", true)]
    [InlineData("[]", "a", false)]
    public void A_rule_is_about_the_topics_that_it_names(string topics, string topic, bool concerns) =>
        Assert.Equal(concerns, Allows($"{{allow, all, all, {topics}}}.", isPublish: true, topic));

    [Fact]
    public void Comments_and_blanks_do_not_count_and_the_first_rule_that_matches_decides()
    {
        const string text = """
            %% who {may} "not"
            {deny , all,publish,  % to the end
               ["a"]}.
            {allow, all}.% the end
            """;
        Assert.Equal(2, AclRuleReader.Read(text).Length);
        Assert.False(Allows(text, isPublish: true, "a"));
        Assert.True(Allows(text, isPublish: false, "a"));
        Assert.Empty(AclRuleReader.Read("%% nothing"));
    }

    [Theory]
    [InlineData("{allow, all", "bad_acl_file_content,{1,")]
    [InlineData("nonsense", "bad_acl_file_content,{1,")]
    [InlineData("{allow, all}.\n\n{deny; all}.", "bad_acl_file_content,{3,")]
    [InlineData("{allow, all}.{deny, all}.", "bad_acl_file_content")]
    [InlineData("{allow, \"all}.", "bad_acl_file_content")]
    [InlineData("{allow, Who}.", "bad_acl_file_content")]
    [InlineData("{allow, all,}.", "bad_acl_file_content")]
    [InlineData("{permit, all}.", "#{reason => invalid_authorization_rule,value => {permit,all}}")]
    [InlineData("allow.", "invalid_authorization_rule")]
    [InlineData("{allow, all, all, \"a\"}.", "invalid_authorization_rule")]
    [InlineData("{permit, all, all, all}.", "invalid_authorization_permission,value => permit")]
    [InlineData("{allow, {user, \"a\"}, read, [\"#\"]}.", "#{reason => invalid_authorization_action,value => read}")]
    [InlineData("{allow, all, {publish, [{qos, 3}]}, [\"a\"]}.", "#{qos => 3,reason => invalid_authorization_qos}")]
    [InlineData("{allow, all, {publish, [{retain, 3}]}, [\"a\"]}.", "invalid_authorization_retain")]
    [InlineData("{allow, {nobody, \"x\"}, all, [\"a\"]}.", "#{identifier => {nobody,\"x\"},reason => invalid_client_match_condition}")]
    [InlineData("{allow, {username, 7}, all, [\"a\"]}.", "invalid_client_match_condition")]
    [InlineData("{allow, {username, {re, \"(\"}}, all, [\"a\"]}.", "invalid_regular_expression")]
    [InlineData("{allow, {ipaddr, \"nowhere\"}, all, [\"a\"]}.", "invalid_ipaddr")]
    [InlineData("{allow, {ipaddr, \"10.0.0.0/33\"}, all, [\"a\"]}.", "invalid_ipaddr")]
    [InlineData("{allow, all, all, [7]}.", "invalid_authorization_topic")]
    public void Another_text_is_refused_in_EMQX_s_words(string text, string told) =>
        Assert.Contains(told, Assert.Throws<AclSyntaxException>(() => AclRuleReader.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Terms_in_each_other_have_an_end() =>
        Assert.Throws<AclSyntaxException>(() => AclRuleReader.Read($"{{allow, {string.Concat(Enumerable.Repeat("{'and', [", 100_000))}"));

    [Theory]
    [InlineData("deny", false)]
    [InlineData("allow", false)]
    public void A_pattern_that_takes_too_long_never_allows(string permission, bool allows)
    {
        // Look-behind needs backtracking; the name makes it try without end.
        var text = $"{{{permission}, {{clientid, {{re, \"(?<=x)(a+)+$\"}}}}, all, all}}.\n{{deny, all}}.";
        Assert.Equal(allows, Allows(text, isPublish: true, "t", clientId: "x" + new string('a', 40) + "!"));
    }

    [Fact]
    public void Many_patterns_that_take_too_long_are_given_up_together()
    {
        var slow = string.Concat(Enumerable.Repeat("{deny, {clientid, {re, \"(?<=x)(a+)+$\"}}, publish, [\"other\"]}.\n{allow, {clientid, {re, \"(?<=x)(a+)+$\"}}, all, all}.\n", 500));
        var begun = TimeProvider.System.GetTimestamp();
        Assert.False(Allows(slow + "{deny, all}.", isPublish: true, "t", clientId: "x" + new string('a', 40) + "!"));
        Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(5));
    }

    private static bool Allows(string text, bool isPublish, string topic, byte qos = 0, bool retain = false, string clientId = "c1") =>
        new AuthzRules(AclRuleReader.Read(text), TimeProvider.System).Check(new()
        {
            Client = Client(clientId), IsPublish = isPublish, Topic = topic, Qos = qos, Retain = retain,
        }) == AuthzVerdict.Allow;

    private static ClientInfo Client(string clientId) => new()
    {
        ClientId = clientId, Username = "ann", PeerAddress = IPAddress.Parse("192.0.2.7"), PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT", ProtocolVersion = 5,
        CleanStart = true, Listener = "tcp:default", ConnectedAt = 1, Attributes = new Dictionary<string, string> { ["group"] = "red" },
    };
}
