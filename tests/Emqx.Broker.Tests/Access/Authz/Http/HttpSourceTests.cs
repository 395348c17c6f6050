using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.Broker.Tests.Access.Http;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.Http;

/// <summary>Topics that a service is asked about: what it is told, and what its answers mean.</summary>
public sealed class HttpSourceTests
{
    private static readonly StructKind s_kind = AuthorizationRoot.TableOf(AuthzSourceCatalogue.All);

    [Theory]
    [InlineData(true, """{"access":"2","action":"publish","clientid":"c1","proto_name":"mqtt","qos":"1","retain":"true","topic":"t/a b","username":"ann"}""")]
    [InlineData(false, """{"access":"1","action":"subscribe","clientid":"c1","proto_name":"mqtt","qos":"1","retain":"false","topic":"t/a b","username":"ann"}""")]
    public async Task The_service_is_told_what_the_client_wants(bool isPublish, string body)
    {
        await using var service = AccessService.Always(204, type: null);
        await using var source = Make("post", service.Url);
        Assert.Equal(AuthzVerdict.Allow, await source.AuthorizeAsync(Request(isPublish), CancellationToken.None));
        var request = Assert.Single(service.Requests);
        Assert.StartsWith("POST /z/ann HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Equal(body, AccessService.BodyOf(request));
    }

    [Fact]
    public async Task With_GET_it_is_told_in_the_query()
    {
        await using var service = AccessService.Always(204, type: null);
        await using var source = Make("get", service.Url);
        Assert.Equal(AuthzVerdict.Allow, await source.AuthorizeAsync(Request(isPublish: true), CancellationToken.None));
        Assert.Equal("/z/ann?access=2&action=publish&clientid=c1&proto_name=mqtt&qos=1&retain=true&topic=t%2Fa+b&username=ann", AccessService.TargetOf(Assert.Single(service.Requests)));
    }

    [Theory]
    [InlineData(204, "", null, nameof(AuthzVerdict.Allow))]
    [InlineData(200, """{"result":"allow"}""", "application/json", nameof(AuthzVerdict.Allow))]
    [InlineData(200, """{"result":"allow"}""", null, nameof(AuthzVerdict.Allow))]
    [InlineData(200, "result=deny", "application/x-www-form-urlencoded", nameof(AuthzVerdict.Deny))]
    [InlineData(200, """{"result":"deny"}""", "application/json", nameof(AuthzVerdict.Deny))]
    [InlineData(200, """{"result":"ignore"}""", "application/json", nameof(AuthzVerdict.Ignore))]
    [InlineData(200, "{}", "application/json", nameof(AuthzVerdict.NoMatch))]
    [InlineData(200, "no json", "application/json", nameof(AuthzVerdict.NoMatch))]
    [InlineData(200, """{"result":"deny"}""", "text/plain", nameof(AuthzVerdict.NoMatch))]
    [InlineData(201, """{"result":"deny"}""", "application/json", nameof(AuthzVerdict.NoMatch))]
    [InlineData(403, """{"result":"deny"}""", "application/json", nameof(AuthzVerdict.Ignore))]
    [InlineData(503, "", null, nameof(AuthzVerdict.Ignore))]
    public async Task An_answer_allows_denies_or_leaves_it_to_others(int status, string body, string? type, string verdict)
    {
        await using var service = AccessService.Always(status, body, type);
        await using var source = Make("post", service.Url);
        Assert.Equal(verdict, (await source.AuthorizeAsync(Request(isPublish: true), CancellationToken.None)).ToString());
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_passed_over()
    {
        var clock = new ManualClock();
        await using var service = new AccessService(static _ => null);
        await using var source = Make("post", service.Url, clock);
        var asked = source.AuthorizeAsync(Request(isPublish: true), CancellationToken.None).AsTask();
        await service.RequestsAsync(1);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(AuthzVerdict.Ignore, await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
    }

    private static AuthorizeRequest Request(bool isPublish) => new() { Client = FakeClient.Info("c1", "ann"), IsPublish = isPublish, Topic = "t/a b", Qos = 1, Retain = isPublish };

    private static IAuthzSource Make(string method, string url, TimeProvider? time = null)
    {
        List<Violation> problems = [];
        var names = new[] { "access", "action", "clientid", "proto_name", "qos", "retain", "topic", "username" };
        var body = string.Join(',', names.Select(static name => $"\"{name}\":\"${{{name}}}\""));
        var root = (ConfigObject)s_kind.Check(ConfigJson.Parse($$$"""{"sources":[{"type":"http","method":"{{{method}}}","url":"{{{url}}}/z/${username}","body":{{{{body}}}}}]}"""), "authorization", problems)!;
        Assert.Empty(problems);
        var entry = (ConfigObject)((ConfigArray)root["sources"]!).Items[0];
        return AuthzSourceCatalogue.All.Find("http")!.Create(entry, Authenticators.Services(time ?? TimeProvider.System));
    }
}
