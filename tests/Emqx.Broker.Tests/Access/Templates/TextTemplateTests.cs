using System.Text;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Protocol;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Templates;

/// <summary>Texts with places for what differs from client to client.</summary>
public sealed class TextTemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("${clientid}", "c1")]
    [InlineData("a/${clientid}/${username}/b", "a/c1/ann/b")]
    [InlineData("${.clientid}", "c1")]
    [InlineData("${client_attrs.group}", "red")]
    [InlineData("<${client_attrs.none}>", "<>")]
    [InlineData("${peerhost} ${zone} ${password}", "127.0.0.1 default ${clientid}")]
    [InlineData("${topic}", "${topic}")]
    [InlineData("${nothing}/${}", "${nothing}/${}")]
    [InlineData("${$}{clientid}", "${clientid}")]
    [InlineData("${${clientid}", "${c1")]
    [InlineData("${client id}", "${client id}")]
    [InlineData("${clientid", "${clientid")]
    [InlineData("<${cert_common_name}>", "<>")]
    public void Places_are_filled_in_and_all_else_is_text(string template, string filled)
    {
        var client = FakeClient.Info("c1", "ann");
        client.Attributes = new Dictionary<string, string> { ["group"] = "red" };
        Assert.Equal(filled, Fill(template, new(client, "${clientid}"u8.ToArray()), TemplateNames.Authentication));
    }

    [Theory]
    [InlineData(true, "publish 2 t/1 1 true mqtt")]
    [InlineData(false, "subscribe 1 t/1 1 false mqtt")]
    public void A_source_may_tell_what_a_client_wants_to_do(bool isPublish, string filled)
    {
        var client = FakeClient.Info("c1", "ann");
        var request = new AuthorizeRequest { Client = client, IsPublish = isPublish, Topic = "t/1", Qos = 1, Retain = isPublish };
        Assert.Equal(filled, Fill("${action} ${access} ${topic} ${qos} ${retain} ${proto_name}", new(client, Request: request), TemplateNames.Authorization));
    }

    [Fact]
    public void A_client_without_user_name_has_an_empty_one() =>
        Assert.Equal("<>", Fill("<${username}>", new(FakeClient.Info("c1", null)), TemplateNames.Claims));

    private static string Fill(string template, TemplateValues values, TemplateNames names) => Encoding.UTF8.GetString(new TextTemplate(template, names).Fill(values).Span);
}
