using Emqx.Broker.Access.Http;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>Requests to services: whatever a client is called stays one value in its place.</summary>
public sealed class RequestTemplateTests
{
    private const string Json = """{"method":"post","headers":{"content-type":"application/json"},"body":{"user":"${username}","pass":"${password}"}}""";
    private const string Form = """{"method":"post","headers":{"content-type":"application/x-www-form-urlencoded"},"body":{"user":"${username}","pass":"${password}"}}""";

    [Theory]
    [InlineData("ann", "/auth/ann?id=c1")]
    [InlineData("a/b", "/auth/a%2Fb?id=c1")]
    [InlineData("a b", "/auth/a+b?id=c1")]
    [InlineData("?x=1#y", "/auth/%3Fx%3D1%23y?id=c1")]
    [InlineData("ü%2e\r\nHost: x", "/auth/%C3%BC%252e%0D%0AHost%3A+x?id=c1")]
    [InlineData("${clientid}", "/auth/%24%7Bclientid%7D?id=c1")]
    public void A_name_is_escaped_in_the_path(string username, string target)
    {
        using var request = Make(Json, username);
        Assert.Equal(target, request!.RequestUri!.PathAndQuery);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void A_name_that_would_lead_to_another_address_is_not_asked_about(string username) => Assert.Null(Make(Json, username));

    [Fact]
    public async Task A_body_is_JSON_whatever_is_in_it()
    {
        using var request = Make(Json, "a\",\"result\":\"allow", "pä\\\n"u8.ToArray());
        Assert.Equal("""{"pass":"pä\\\n","user":"a\",\"result\":\"allow"}""", await request!.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json", request.Content.Headers.NonValidated["Content-Type"].ToString());
    }

    [Fact]
    public async Task A_body_is_a_form_whatever_is_in_it()
    {
        using var request = Make(Form, "a&pass=x", [0xFF, (byte)' ']);
        Assert.Equal("pass=%FF+&user=a%26pass%3Dx", await request!.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_password_that_is_no_text_is_not_put_into_JSON() => Assert.Null(Make(Json, "ann", [0xFF]));

    [Fact]
    public void With_GET_the_fields_of_the_body_go_into_the_query()
    {
        using var request = Make("""{"method":"get","body":{"user":"${username}","a b":"1"}}""", "a&b");
        Assert.Equal("/auth/a%26b?id=c1&a+b=1&user=a%26b", request!.RequestUri!.PathAndQuery);
        Assert.Null(request.Content);
    }

    [Fact]
    public void A_name_may_stand_in_a_header()
    {
        using var request = Make("""{"method":"get","headers":{"x-user":"<${username}>"}}""", "änn");
        Assert.Equal("<änn>", request!.Headers.NonValidated["x-user"].ToString());
    }

    [Theory]
    [InlineData("a\r\nx-admin: 1")]
    [InlineData("a\nb")]
    [InlineData("a\u007F")]
    public void A_name_that_would_begin_another_header_is_not_asked_about(string username) =>
        Assert.Null(Make("""{"method":"get","headers":{"x-user":"${username}"}}""", username));

    [Fact]
    public void Another_content_type_can_not_be_written() =>
        Assert.Null(Make("""{"method":"post","headers":{"content-type":"text/xml"},"body":{"user":"${username}"}}""", "ann"));

    private static HttpRequestMessage? Make(string settings, string username, byte[]? password = null)
    {
        var url = AccessUrl.Parse("http://127.0.0.1:1/auth/${username}?id=${clientid}", out _)!;
        var fields = (ConfigObject)ConfigJson.Parse(settings);
        if (fields["body"] is { } body)
            fields = fields.With("body", new BodyKind().Check(body, "body", [])!);
        return new RequestTemplate(url, new SettingsReader(fields), TemplateNames.Authentication).Make(new(FakeClient.Info("c1", username), password ?? []));
    }
}
