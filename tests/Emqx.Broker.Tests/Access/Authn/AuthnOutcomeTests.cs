using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>What each outcome of an authenticator, at each place of the chain, and each kind of listener comes to in a CONNACK.</summary>
public sealed class AuthnOutcomeTests
{
    private const string Allow = "allow";
    private const string Deny = "deny";
    private const string DenyAuthorization = "deny_authorization";
    private const string Ignore = "ignore";
    private const string Fail = "fail";
    private const string Hang = "hang";

    private static readonly AuthenticatorCatalogue s_catalogue = new(Told.Type("first"), Told.Type("second"));

    [Theory]
    [InlineData(Allow, Deny, ReasonCode.Success, 0)]
    [InlineData(Allow, Hang, ReasonCode.Success, 0)]
    [InlineData(Deny, Allow, ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(DenyAuthorization, Allow, ReasonCode.NotAuthorized, 5)]
    [InlineData(Ignore, Allow, ReasonCode.Success, 0)]
    [InlineData(Ignore, Deny, ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(Ignore, DenyAuthorization, ReasonCode.NotAuthorized, 5)]
    [InlineData(Ignore, Ignore, ReasonCode.NotAuthorized, 5)]
    [InlineData(Ignore, Fail, ReasonCode.NotAuthorized, 5)]
    [InlineData(Fail, Allow, ReasonCode.Success, 0)]
    [InlineData(Fail, Deny, ReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(Fail, Fail, ReasonCode.NotAuthorized, 5)]
    [InlineData(Hang, Allow, ReasonCode.NotAuthorized, 5)]
    [InlineData(Ignore, Hang, ReasonCode.NotAuthorized, 5)]
    public async Task The_first_that_knows_decides(string first, string second, int reason, int returnCode)
    {
        var clock = new ManualClock();
        await using var broker = await StartAsync(clock, first, second);
        var hangs = first == Hang || (second == Hang && first != Allow);
        var hung = 0;
        foreach (var (version, expected) in ((byte, int)[])[(5, reason), (4, returnCode), (3, returnCode)])
        {
            await using var client = await broker.OpenAsync(version);
            await client.SendAsync(new ConnectOptions { Version = version, Username = "u", Password = "p"u8.ToArray() }.ToPacket());
            if (hangs)
            {
                hung++;
                await Eventually.TrueAsync(() => broker.Get<Hanging>().Count == hung, "the question");
                await clock.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromHours(1), "the end of the patience");
            }

            Assert.Equal(expected, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        }
    }

    [Theory]
    [InlineData("true", null, ReasonCode.BadUserNameOrPassword)]
    [InlineData("true", "u", ReasonCode.BadUserNameOrPassword)]
    [InlineData("false", null, ReasonCode.Success)]
    [InlineData("false", "u", ReasonCode.Success)]
    [InlineData("quick_deny_anonymous", null, ReasonCode.NotAuthorized)]
    [InlineData("quick_deny_anonymous", "", ReasonCode.NotAuthorized)]
    [InlineData("quick_deny_anonymous", "u", ReasonCode.BadUserNameOrPassword)]
    public async Task A_listener_may_ask_nobody_or_turn_away_who_has_no_name(string enableAuthn, string? username, int reason)
    {
        await using var broker = await StartAsync(TimeProvider.System, Deny, Allow);
        var listener = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "other", Bind = TestBroker.Loopback, EnableAuthn = enableAuthn });
        await using var client = await RawMqttClient.OpenTcpAsync(listener, 5);
        var connack = await client.ConnectAsync(new ConnectOptions { Username = username, Password = username is null ? null : Encoding.UTF8.GetBytes("p") });
        Assert.Equal(reason, connack.ReasonCode);
    }

    private static async Task<TestBroker> StartAsync(TimeProvider clock, params string[] outcomes)
    {
        var broker = await TestBroker.StartAsync(time: clock, configure: static services => services.AddSingleton(s_catalogue).AddSingleton<Hanging>());
        List<Violation> problems = [];
        var entries = new ConfigArray([.. outcomes.Select(static (outcome, at) => new ConfigObject(new() { ["mechanism"] = "told", ["backend"] = at == 0 ? "first" : "second", ["outcome"] = outcome }))]);
        var kept = new AuthenticationKind(s_catalogue).Check(entries, AuthnChain.Root, problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { [AuthnChain.Root] = kept! });
        return broker;
    }

    /// <summary>Says what its settings tell it to.</summary>
    private sealed class Told(string outcome, Hanging hanging) : IAuthenticator
    {
        public static AuthenticatorType Type(string backend) => new("told", backend, [Required("outcome", Text)], 
            static (settings, services) => new Told(new SettingsReader(settings).Text("outcome"), services.GetRequiredService<Hanging>()));

        public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
        {
            if (outcome == Hang)
            {
                hanging.Add();
                await new TaskCompletionSource().Task.WaitAsync(cancellation);
            }

            return outcome switch
            {
                Allow => AuthnVerdict.Allow(),
                Deny => AuthnVerdict.Deny(),
                DenyAuthorization => AuthnVerdict.Deny(ReasonCode.NotAuthorized),
                Fail => throw new InvalidOperationException("the database is away"),
                _ => AuthnVerdict.Ignore,
            };
        }

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>How many questions have got no answer.</summary>
    private sealed class Hanging
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }
}
