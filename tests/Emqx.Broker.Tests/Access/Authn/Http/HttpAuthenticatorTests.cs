using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Access.Http;
using Emqx.TestKit;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Http;

/// <summary>Clients that a service is asked about: what it is told, and what its answers mean.</summary>
public sealed class HttpAuthenticatorTests
{
    private readonly ManualClock _clock = new();

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task The_service_is_told_who_the_client_is()
    {
        await using var service = AccessService.Always(204, type: null);
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("p/w", "a b")).Outcome);
        var request = Assert.Single(service.Requests);
        Assert.Equal("/auth/a+b?id=c1", AccessService.TargetOf(request));
        Assert.Equal("""{"ip":"127.0.0.1","pass":"p/w","user":"a b"}""", AccessService.BodyOf(request));
        Assert.Contains("\r\nContent-Type: application/json\r\n", request, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nX-Key: k\r\n", request, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(204, "", null, nameof(AuthnOutcome.Allow))]
    [InlineData(200, """{"result":"allow"}""", "application/json", nameof(AuthnOutcome.Allow))]
    [InlineData(200, """{"result":"allow"}""", "Application/JSON;charset=utf-8", nameof(AuthnOutcome.Allow))]
    [InlineData(200, "result=allow", "application/x-www-form-urlencoded", nameof(AuthnOutcome.Allow))]
    [InlineData(200, """{"result":"deny"}""", "application/json", nameof(AuthnOutcome.Deny))]
    [InlineData(200, "result=deny", "application/x-www-form-urlencoded", nameof(AuthnOutcome.Deny))]
    [InlineData(200, """{"result":"ignore"}""", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, """{"result":"maybe"}""", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, """{"result":true}""", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, "{}", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, "[]", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, "no json", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, "result=%zz", "application/x-www-form-urlencoded", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, """{"result":"deny"}""", "text/plain", nameof(AuthnOutcome.Ignore))]
    [InlineData(200, """{"result":"deny"}""", null, nameof(AuthnOutcome.Ignore))]
    [InlineData(201, """{"result":"deny"}""", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(403, """{"result":"deny"}""", "application/json", nameof(AuthnOutcome.Ignore))]
    [InlineData(500, """{"result":"deny"}""", "application/json", nameof(AuthnOutcome.Ignore))]
    public async Task An_answer_allows_denies_or_says_nothing(int status, string body, string? type, string outcome)
    {
        await using var service = AccessService.Always(status, body, type);
        await using var authenticator = Make(service.Url);
        var verdict = await authenticator.AskAsync("p");
        Assert.Equal(outcome, verdict.Outcome.ToString());
        if (verdict.Outcome == AuthnOutcome.Deny)
            Assert.Equal(ReasonCode.NotAuthorized, verdict.ReasonCode);
    }

    [Fact]
    public async Task An_answer_that_allows_may_grant_more()
    {
        await using var service = AccessService.Always(200,
            $$"""{"result":"allow","is_superuser":true,"client_attrs":{"group":"red"},"expire_at":{{Now + 60}},"acl":[{"permission":"deny","action":"all","topic":"a"}]}""");
        await using var authenticator = Make(service.Url);
        var grant = (await authenticator.AskAsync("p")).Grant;
        Assert.True(grant.IsSuperuser);
        Assert.Equal("red", grant.Attributes!["group"]);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(60), grant.ExpiresAt);
        var request = new AuthorizeRequest { Client = FakeClient.Info("c1", "ann"), IsPublish = true, Topic = "a" };
        Assert.Equal(AuthzVerdict.Deny, grant.Acl!.Check(request));
        Assert.Equal(AuthzVerdict.NoMatch, grant.Acl!.Check(new() { Client = request.Client, IsPublish = true, Topic = "b" }));
    }

    [Theory]
    [InlineData("""{"result":"allow","acl":[{"permission":"allow"}]}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"result":"allow","acl":{"pub":["a"]}}""", nameof(AuthnOutcome.Ignore))]
    [InlineData("""{"result":"allow","expire_at":1}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"result":"allow","expire_at":"soon"}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"result":"allow","expire_at":1.5}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"result":"allow","expire_at":null}""", nameof(AuthnOutcome.Deny))]
    [InlineData("""{"result":"allow","expire_at":1767225600000}""", nameof(AuthnOutcome.Deny))] // milliseconds
    [InlineData("""{"result":"allow","client_attrs":"red"}""", nameof(AuthnOutcome.Ignore))]
    [InlineData("""{"result":"allow","client_attrs":{"group":1}}""", nameof(AuthnOutcome.Ignore))]
    public async Task What_can_not_be_understood_lets_nobody_in(string body, string outcome)
    {
        await using var service = AccessService.Always(200, body);
        await using var authenticator = Make(service.Url);
        var verdict = await authenticator.AskAsync("p");
        Assert.Equal(outcome, verdict.Outcome.ToString());
        if (verdict.Outcome == AuthnOutcome.Deny)
            Assert.Equal(ReasonCode.BadUserNameOrPassword, verdict.ReasonCode);
    }

    [Fact]
    public async Task A_form_may_grant_a_superuser()
    {
        await using var service = AccessService.Always(200, "result=allow&is_superuser=true", "application/x-www-form-urlencoded");
        await using var authenticator = Make(service.Url);
        Assert.True((await authenticator.AskAsync("p")).Grant.IsSuperuser);
    }

    [Fact]
    public async Task A_service_that_is_away_says_nothing_and_is_asked_again_when_it_is_back()
    {
        var service = AccessService.Always(204, type: null);
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("p")).Outcome);
        var port = service.Port;
        await service.DisposeAsync();
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("p")).Outcome);
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
        await using var again = new AccessService(static _ => AccessService.Says(204, type: null), port);
        Assert.Equal(AuthnOutcome.Allow, (await authenticator.AskAsync("p")).Outcome);
        Assert.Equal(ResourceStatus.Connected, ((IAccessBackend)authenticator).Status);
        var read = ((IAccessBackend)authenticator).ResourceMetrics.Read();
        Assert.Equal((3, 2, 1), (read.Total, read.Positive, read.Negative));
    }

    [Fact]
    public async Task A_client_that_names_a_method_is_somebody_elses()
    {
        await using var service = AccessService.Always(204, type: null);
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("p", method: "SCRAM-SHA-256")).Outcome);
        Assert.Empty(service.Requests);
    }

    private IAuthenticator Make(string url) => Authenticators.Make($$$"""
        {"mechanism":"password_based","backend":"http","method":"post","url":"{{{url}}}/auth/${username}?id=${clientid}",
        "headers":{"X-Key":"k","content-type":"application/json"},"body":{"user":"${username}","pass":"${password}","ip":"${peerhost}"}}
        """, _clock);
}
