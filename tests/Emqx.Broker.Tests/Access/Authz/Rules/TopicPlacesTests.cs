using System.Net;
using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.Rules;

/// <summary>Placeholders in topics of rules.</summary>
public sealed class TopicPlacesTests
{
    [Theory]
    [InlineData("c/${clientid}/#", "c/me/x", true)]
    [InlineData("c/${.clientid}", "c/me", true)]
    [InlineData("c/${clientid}/#", "c/you/x", false)]
    [InlineData("u/${username}", "u/ann", true)]
    [InlineData("${zone}/${username}-${clientid}", "default/ann-me", true)]
    [InlineData("n/${cert_common_name}", "n/", false)]
    [InlineData("g/${client_attrs.group}/+", "g/red/1", true)]
    [InlineData("g/${client_attrs.none}/#", "g//1", false)]
    [InlineData("x/${other}", "x/${other}", true)]
    [InlineData("x/${clientid", "x/${clientid", true)]
    [InlineData("${$}/${clientid}", "$/me", true)]
    [InlineData("eq c/${clientid}", "c/me", false)]
    public void A_place_stands_for_what_is_the_client_s(string rule, string topic, bool matches) =>
        Assert.Equal(matches, Matches(rule, topic, Client("me", "ann"), isAllow: true));

    [Fact]
    public void A_missing_user_name_reads_undefined_as_in_EMQX() => Assert.True(Matches("u/${username}", "u/undefined", Client("me", username: null), isAllow: true));

    [Theory]
    [InlineData("+", "c/other/x")]
    [InlineData("#", "c/other")]
    public void A_client_s_own_text_does_not_widen_what_is_allowed(string clientId, string topic)
    {
        Assert.False(Matches("c/${clientid}", topic, Client(clientId, null), isAllow: true));
        Assert.False(Matches("c/${clientid}/x", topic, Client(clientId, null), isAllow: true));
    }

    [Fact]
    public void A_client_that_is_called_like_a_system_topic_is_allowed_none() =>
        Assert.False(Matches("${clientid}/#", "$SYS/brokers", Client("$SYS", null), isAllow: true));

    private static bool Matches(string rule, string topic, ClientInfo client, bool isAllow) =>
        AuthzTopic.Parse(rule).Matches(new() { Client = client, IsPublish = true, Topic = topic }, isAllow);

    private static ClientInfo Client(string clientId, string? username) => new()
    {
        ClientId = clientId, Username = username, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT", ProtocolVersion = 5,
        CleanStart = true, Listener = "tcp:default", ConnectedAt = 1, Attributes = new Dictionary<string, string> { ["group"] = "red" },
    };
}
