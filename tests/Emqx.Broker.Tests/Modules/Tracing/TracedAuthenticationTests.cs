using System.Text;
using System.Text.Json;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Broker.Tests.Access.Authn.SampleAuthenticator;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>What traces tell of the way to the verdict on a client's credentials: who was asked, and what it has said.</summary>
public sealed class TracedAuthenticationTests : IAsyncLifetime
{
    private const string Password = "secret-word";

    private static readonly AuthenticatorCatalogue s_catalogue = new(SampleAuthenticator.Type, ChallengeAuthenticator.Type);

    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() =>
        _broker = await TestBroker.StartAsync(configure: static services => services.AddSingleton(s_catalogue).AddSingleton<SampleGate>());

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData("alice", Password, "authenticator_result, authenticator: password_based:sample, result: {ok,#{is_superuser => true}}",
        "authentication_result, reason: chain_result, result: {stop,{ok,#{is_superuser => true}}}")]
    [InlineData("alice", "wrong-word", "authenticator_result, authenticator: password_based:sample, result: {error,bad_username_or_password}",
        "authentication_result, reason: chain_result, result: {stop,{error,bad_username_or_password}}")]
    [InlineData("bob", Password, "authenticator_result, authenticator: password_based:sample, result: ignore",
        "authentication_result, reason: chain_result, result: {ok,{error,not_authorized}}")]
    public async Task Each_authenticator_and_the_verdict_are_told(string username, string password, params string[] expected)
    {
        Configure(Entry("alice", Password));
        await TraceAsync(isJson: false);
        await TryAsync(username, password);
        var text = await TextWithAsync("authentication_result");
        Assert.Equal(expected, text.Split('\n').Where(static line => line.Contains("[AUTHN]", StringComparison.Ordinal))
            .Select(static line => line[(line.IndexOf("msg: ", StringComparison.Ordinal) + "msg: ".Length)..]));
        Assert.DoesNotContain(password, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_is_told_without_its_reasons()
    {
        Configure(Entry("alice", Password, KeyValuePair.Create("fails", (ConfigValue)true)));
        await TraceAsync(isJson: false);
        await TryAsync("alice", Password);
        var text = await TextWithAsync("authentication_result");
        Assert.Contains("authenticator_error, authenticator: password_based:sample, result: error", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the database is away", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_json_have_the_same_in_fields()
    {
        Configure(Entry("alice", Password));
        await TraceAsync(isJson: true);
        await TryAsync("alice", Password);
        var lines = (await TextWithAsync("authentication_result")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement);
        var told = Assert.Single(lines, static line => line.GetProperty("msg").GetString() == "authenticator_result").GetProperty("meta");
        Assert.Equal(("AUTHN", "c", "password_based:sample", "{ok,#{is_superuser => true}}"), (told.GetProperty("trace_tag").GetString(), told.GetProperty("clientid").GetString(),
            told.GetProperty("authenticator").GetString(), told.GetProperty("result").GetString()));
    }

    [Fact]
    public async Task Nothing_is_told_while_nothing_is_traced()
    {
        Configure(Entry("alice", Password));
        var steps = _broker.Get<BrokerHooks>().ClientAuthenticateStep;
        Assert.False(steps.IsUsed);
        await TraceAsync(isJson: false);
        Assert.True(steps.IsUsed);
        await _broker.Get<TraceList>().ClearAsync(default);
        Assert.False(steps.IsUsed);
    }

    private async Task TraceAsync(bool isJson)
    {
        var creation = await _broker.Get<TraceList>().CreateAsync(new TraceWish("t", TraceType.Clientid, "c", PayloadEncode.Text, isJson, null, null), default);
        Assert.Equal(TraceOutcome.Done, creation.Outcome);
    }

    private async Task TryAsync(string username, string password)
    {
        await using var client = await _broker.OpenAsync();
        await client.ConnectAsync(new ConnectOptions { ClientId = "c", Username = username, Password = Encoding.UTF8.GetBytes(password) });
    }

    private async Task<string> TextWithAsync(string part)
    {
        await Eventually.TrueAsync(() => Text().Contains(part, StringComparison.Ordinal), $"a line with {part}");
        return Text();
    }

    private string Text() => _broker.Get<TraceList>().ReadLogAsync("t", null, 0, int.MaxValue, default).AsTask().GetAwaiter().GetResult().Text;

    private void Configure(params ConfigValue[] entries)
    {
        var kept = new AuthenticationKind(s_catalogue).Check(new ConfigArray(entries), "authentication", []);
        Assert.NotNull(kept);
        _broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { ["authentication"] = kept });
    }
}
