using System.Security.Cryptography;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Jwt;
using Emqx.Broker.Tests.Access.Http;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Jwt;

/// <summary>Tokens whose keys are fetched: when, and how often.</summary>
public sealed class JwksTests
{
    private static readonly RSA s_first = RSA.Create(2048);
    private static readonly RSA s_second = RSA.Create(2048);
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Keys_are_fetched_when_the_first_token_comes()
    {
        await using var service = AccessService.Always(200, Set(s_first));
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AskAsync("no token")).Outcome);
        Assert.Empty(service.Requests);
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        Assert.Equal(AuthnOutcome.Ignore, await OutcomeAsync(authenticator, s_second));
        var request = Assert.Single(service.Requests);
        Assert.StartsWith("GET /keys HTTP/1.1", request, StringComparison.Ordinal);
        Assert.Contains("Accept: application/json", request, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ResourceStatus.Connected, ((IAccessBackend)authenticator).Status);
    }

    [Fact]
    public async Task Many_clients_cause_one_fetch()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = AccessService.Always(200, Set(s_first));
        service.Opens = open.Task;
        await using var authenticator = Make(service.Url);
        var all = Enumerable.Range(0, 20).Select(index => OutcomeAsync(authenticator, index % 2 == 0 ? s_first : s_second)).ToArray();
        await service.RequestsAsync(1);
        open.SetResult();
        Assert.Equal(10, (await Task.WhenAll(all).WaitAsync(Patience.Long, TestContext.Current.CancellationToken)).Count(static outcome => outcome == AuthnOutcome.Allow));
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Keys_are_fetched_again_after_the_interval_and_the_old_ones_count_meanwhile()
    {
        await using var service = AccessService.Always(200, Set(s_first));
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (service.Answer, service.Opens) = (_ => AccessService.Says(200, Set(s_second)), open.Task);
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        await service.RequestsAsync(2);
        open.SetResult();
        await UntilAllowedAsync(authenticator, s_second);
        Assert.Equal(AuthnOutcome.Ignore, await OutcomeAsync(authenticator, s_first));
        Assert.Equal(2, service.Requests.Length);
    }

    [Theory]
    [InlineData(200, "no json")]
    [InlineData(200, """{"keys":7}""")]
    [InlineData(500, "")]
    [InlineData(200, "long")]
    public async Task What_is_no_set_of_keys_is_asked_for_again_ten_seconds_later(int status, string body)
    {
        await using var service = AccessService.Always(status, body == "long" ? Set(s_first) + new string(' ', 1 << 20) : body);
        await using var authenticator = Make(service.Url);
        for (var i = 0; i < 10; i++)
            Assert.Equal(AuthnOutcome.Ignore, await OutcomeAsync(authenticator, s_first));
        Assert.Single(service.Requests);
        Assert.Equal(ResourceStatus.Disconnected, ((IAccessBackend)authenticator).Status);
        service.Answer = static _ => AccessService.Says(200, Set(s_first));
        _clock.Advance(KeySet.Shortest);
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        Assert.Equal(ResourceStatus.Connected, await ((IAccessBackend)authenticator).CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Keys_stay_while_none_can_be_had()
    {
        await using var service = AccessService.Always(200, Set(s_first));
        await using var authenticator = Make(service.Url);
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        service.Answer = static _ => AccessService.Says(503);
        _clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        await Eventually.TrueAsync(() => ((IAccessBackend)authenticator).Status == ResourceStatus.Disconnected, "the failure");
        Assert.Equal(AuthnOutcome.Allow, await OutcomeAsync(authenticator, s_first));
        Assert.Equal(2, service.Requests.Length);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_holds_nobody_longer_than_five_seconds()
    {
        await using var service = new AccessService(static _ => null);
        await using var authenticator = Make(service.Url);
        var asked = OutcomeAsync(authenticator, s_first);
        await service.RequestsAsync(1);
        Assert.False(asked.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(AuthnOutcome.Ignore, await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_gone_waits_for_nothing()
    {
        await using var service = new AccessService(static _ => null);
        var authenticator = Make(service.Url);
        var asked = OutcomeAsync(authenticator, s_first);
        await service.RequestsAsync(1);
        await authenticator.DisposeAsync().AsTask().WaitAsync(Patience.Long, TestContext.Current.CancellationToken);
        Assert.Equal(AuthnOutcome.Ignore, await asked.WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
    }

    private static string Set(RSA key) => $$"""{"keys":[{"kty":"RSA","kid":"1","use":"sig","n":"{{Tokens.Encode(key.ExportParameters(includePrivateParameters: false).Modulus!)}}","e":"AQAB"}]}""";

    private static async Task<AuthnOutcome> OutcomeAsync(IAuthenticator authenticator, RSA key) => (await authenticator.AskAsync(Tokens.Rsa("{}", key))).Outcome;

    private static async Task UntilAllowedAsync(IAuthenticator authenticator, RSA key)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (await OutcomeAsync(authenticator, key) != AuthnOutcome.Allow)
            await Task.Delay(TimeSpan.FromMilliseconds(2), patience.Token);
    }

    private IAuthenticator Make(string url) => Authenticators.Make($$"""{"mechanism":"jwt","use_jwks":true,"endpoint":"{{url}}/keys"}""", _clock);
}
