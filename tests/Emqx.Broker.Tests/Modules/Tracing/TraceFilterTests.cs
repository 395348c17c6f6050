using System.Net;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Monitoring;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>What traces are about.</summary>
public sealed class TraceFilterTests
{
    private static TraceFilter Filter(string type, string text)
    {
        Assert.True(TraceWords.TryParse<TraceType>(type, out var known));
        Assert.True(TraceFilter.TryParse(known, text, out var filter, out _));
        return filter;
    }

    [Theory]
    [InlineData("topic", "a/#/b", "topic: a/#/b invalid by 'topic_invalid_#'")]
    [InlineData("topic", "#a", "topic: #a invalid by topic_invalid_char")]
    [InlineData("topic", "", "topic:  invalid by empty_topic")]
    [InlineData("ip_address", "nowhere", "ip address: einval")]
    [InlineData("ip_address", "1.2.3.4.5", "ip address: einval")]
    [InlineData("ip_address", "1.2.3.400", "ip address: einval")]
    [InlineData("ip_address", "[::1]:80", "ip address: einval")]
    [InlineData("ip_address", "", "ip address: einval")]
    public void What_is_wrong_is_told_in_the_words_of_EMQX(string type, string text, string error)
    {
        Assert.True(TraceWords.TryParse<TraceType>(type, out var known));
        Assert.False(TraceFilter.TryParse(known, text, out _, out var told));
        Assert.Equal(error, told);
    }

    [Theory]
    [InlineData("clientid", "c1", true)]
    [InlineData("clientid", "c", false)]
    [InlineData("ip_address", "192.0.2.7", true)]
    [InlineData("ip_address", "::ffff:192.0.2.7", true)]
    [InlineData("ip_address", "192.0.2.77", false)]
    [InlineData("topic", "a/+", true)]
    [InlineData("topic", "a", false)]
    [InlineData("ruleid", "c1", false)]
    public void It_concerns_clients_and_their_messages_alike(string type, string text, bool concerns)
    {
        var client = Fakes.Client("c1", address: "192.0.2.7");
        var message = new Message
        {
            Topic = "a/b", TopicUtf8 = "a/b"u8.ToArray(), Payload = default, From = client.ClientId, FromPeerHost = client.PeerAddress.ToString(), PublishedAt = 0,
        };
        Assert.Equal((concerns, concerns), (Filter(type, text).Concerns(client, "a/b"), Filter(type, text).Concerns(message)));
    }

    [Fact]
    public void A_message_of_the_node_has_no_address() =>
        Assert.False(Filter("ip_address", IPAddress.Any.ToString()).Concerns(Message.Create("t", default, "http_api", 0)));
}
