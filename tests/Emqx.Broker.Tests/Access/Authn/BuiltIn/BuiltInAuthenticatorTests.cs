using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.BuiltIn;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Node;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.BuiltIn;

/// <summary>Users and passwords of the node itself, on the way of CONNECT.</summary>
public sealed class BuiltInAuthenticatorTests
{
    private const string Id = "password_based:built_in_database";
    private const string Sha256 = """{"name":"sha256","salt_position":"suffix"}""";
    private const string Bcrypt = """{"name":"bcrypt","salt_rounds":5}""";
    private const int BadCredentials = 4;
    private const int NotAuthorizedV3 = 5;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alice", "secret", 5, ReasonCode.Success)]
    [InlineData("alice", "Secret", 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("alice", "", 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("alice", null, 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("Alice", "secret", 5, ReasonCode.NotAuthorized)]
    [InlineData("bob", "secret", 5, ReasonCode.NotAuthorized)]
    [InlineData("bob", "", 5, ReasonCode.NotAuthorized)]
    [InlineData("bob", null, 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData(null, "secret", 5, ReasonCode.NotAuthorized)]
    [InlineData(null, null, 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("alice", "secret", 4, 0)]
    [InlineData("alice", "wrong", 4, BadCredentials)]
    [InlineData("bob", "secret", 4, NotAuthorizedV3)]
    [InlineData("alice", null, 3, BadCredentials)]
    public async Task A_client_is_let_in_by_its_users_password(string? username, string? password, byte version, int reason)
    {
        foreach (var algorithm in (string[])[Sha256, Bcrypt])
        {
            await using var broker = await StartAsync(algorithm);
            await AddAsync(broker, "alice", "secret");
            Assert.Equal(reason, await ConnectAsync(broker, username, password, version));
        }
    }

    [Fact]
    public async Task A_user_may_be_known_by_its_client_id()
    {
        await using var broker = await StartAsync(Sha256, ("user_id_type", "clientid"));
        await AddAsync(broker, "c1", "secret");
        Assert.Equal(ReasonCode.Success, await ConnectAsync(broker, "whoever", "secret", clientId: "c1"));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await ConnectAsync(broker, "whoever", "wrong", clientId: "c1"));
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "c1", "secret", clientId: "c2"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_names_a_method_is_somebody_elses_and_superusers_are_told(bool isSuperuser)
    {
        await using var broker = await StartAsync(Sha256);
        await AddAsync(broker, "alice", "secret", isSuperuser);
        await using var authenticator = BuiltInDatabase.Type.Create(EntryOf(broker), broker.Services);
        var verdict = await authenticator.AuthenticateAsync(Credential("alice", "secret"u8.ToArray()), None);
        Assert.Equal((AuthnOutcome.Allow, isSuperuser), (verdict.Outcome, verdict.Grant.IsSuperuser));
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AuthenticateAsync(Credential("alice", "secret"u8.ToArray()) with { Method = "SCRAM-SHA-256" }, None)).Outcome);
    }

    [Theory]
    [InlineData("alice", ReasonCode.BadUserNameOrPassword)]
    [InlineData("nobody", ReasonCode.NotAuthorized)]
    public async Task The_password_of_a_known_and_of_an_unknown_user_is_hashed_while_others_are_served(string username, int reason)
    {
        using var threads = new HashingThreads(1);
        await using var broker = await StartWithAsync(threads, Bcrypt);
        await AddAsync(broker, "alice", "secret");
        await using var other = await broker.ConnectAsync(new ConnectOptions { Username = "alice", Password = "secret"u8.ToArray() });
        using var gate = new ManualResetEventSlim();
        var holding = await HoldAsync(threads, gate);
        await using var client = await broker.OpenAsync();
        await client.SendAsync(new ConnectOptions { Username = username, Password = "wrong"u8.ToArray() }.ToPacket());
        await Eventually.TrueAsync(() => threads.Waiting == 1, "the client waits for a hash");
        await other.ExpectNothingAsync();
        Assert.False(client.HasArrived);
        gate.Set();
        Assert.True(await holding);
        Assert.Equal(reason, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Fact]
    public async Task Where_too_many_wait_for_a_hash_the_next_one_is_to_come_later()
    {
        using var threads = new HashingThreads(1);
        await using var broker = await StartWithAsync(threads, Bcrypt);
        using var gate = new ManualResetEventSlim();
        var holding = await HoldAsync(threads, gate);
        var waiting = Enumerable.Range(0, HashingThreads.MostClients).Select(_ => threads.TryCompare(static () => true, None)!).ToArray();
        Assert.Equal(ReasonCode.ServerUnavailable, await ConnectAsync(broker, "alice", "secret"));
        gate.Set();
        Assert.True(await holding);
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Users_go_with_their_authenticator_and_stay_when_it_changes()
    {
        await using var broker = await StartAsync(Sha256);
        await AddAsync(broker, "alice", "secret");
        Configure(broker, Entry(Sha256, ("enable", false)));
        Assert.Equal(0, await ConnectAsync(broker, "nobody", "x"));
        Configure(broker, Entry(Sha256, ("user_id_type", "username")));
        Assert.Equal(0, await ConnectAsync(broker, "alice", "secret"));
        Configure(broker);
        Configure(broker, Entry(Sha256));
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "alice", "secret"));
        await broker.Get<AuthnUsers>().SettleAsync(None);
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "alice", "secret"));
    }

    [Fact]
    public async Task Users_that_were_kept_are_there_from_the_start()
    {
        var store = new InMemoryAuthnUserStore();
        await store.SaveAsync([new(Id, "alice", "secret"u8.ToArray(), [], [], IsSuperuser: false), new("nobody's", "bob", [1], [], [], IsSuperuser: false)], None);
        await using var node = await BrokerNode.StartNewAsync(new BrokerNodeOptions
        {
            Tcp = TestBroker.Loopback, Configure = services => services.AddSingleton<IAuthnUserStore>(store),
            Configuration = "authentication = [{mechanism = password_based, backend = built_in_database, password_hash_algorithm {name = plain}}]",
        });
        await using var client = await RawMqttClient.OpenTcpAsync(node.Listeners[0].EndPoint, 5);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions { Username = "alice", Password = "secret"u8.ToArray() })).ReasonCode);
    }

    [Fact]
    public async Task A_bootstrap_file_brings_users_and_leaves_those_that_are_there()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("users.csv", "user_id,password,is_superuser\nalice,first,true\nbob,second,false\n");
        await using var broker = await StartAsync(Sha256, ("bootstrap_file", file));
        Assert.Equal(0, await ConnectAsync(broker, "alice", "first"));
        Assert.Equal(0, await ConnectAsync(broker, "bob", "second"));
        folder.Write("users.csv", "user_id,password\nalice,other\ncarol,third\n");
        await broker.Get<AuthnUsers>().SettleAsync(None);
        Assert.Equal(2, CountOf(broker));
        broker.Get<AuthnUsers>().ReadFileAgain(Id);
        await broker.Get<AuthnUsers>().SettleAsync(None);
        Assert.Equal((0, 1), (await ConnectAsync(broker, "alice", "first"), CountOf(broker) - 2));
        Configure(broker, Other);
        Configure(broker, Entry(Sha256, ("bootstrap_file", file)));
        await broker.Get<AuthnUsers>().SettleAsync(None);
        Assert.Equal((0, 2), (await ConnectAsync(broker, "alice", "other"), CountOf(broker)));
    }

    [Theory]
    [InlineData("user_id,password\nalice\n")]
    [InlineData(null)]
    public async Task A_bootstrap_file_that_cannot_be_read_is_only_logged(string? content)
    {
        using var folder = new TemporaryFolder();
        var file = content is null ? folder.Path("nosuch.csv") : folder.Write("users.csv", content);
        await using var broker = await StartAsync(Sha256, ("bootstrap_file", file));
        Assert.Equal(0, CountOf(broker));
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "alice", "x"));
    }

    /// <summary>Takes the only thread until the gate opens.</summary>
    private static async Task<Task<bool>> HoldAsync(HashingThreads threads, ManualResetEventSlim gate)
    {
        var isHeld = false;
        var holding = threads.RunAsync(() =>
        {
            Volatile.Write(ref isHeld, true);
            return gate.Wait(Patience.Long);
        }, None);
        await Eventually.TrueAsync(() => Volatile.Read(ref isHeld), "the thread is taken");
        return holding;
    }

    /// <summary>Another one, so that the chain is never empty.</summary>
    private static ConfigObject Other => new(new() { ["mechanism"] = "backwards" });

    private static int CountOf(TestBroker broker) => broker.Get<AuthnUsers>().Of(Id)!.Count;

    private static Task<TestBroker> StartAsync(string algorithm, params (string Name, ConfigValue Value)[] more) => StartWithAsync(null, algorithm, more);

    private static async Task<TestBroker> StartWithAsync(HashingThreads? threads, string algorithm, params (string Name, ConfigValue Value)[] more)
    {
        var catalogue = new AuthenticatorCatalogue(BuiltInDatabase.Type, ChallengeAuthenticator.Type);
        var broker = await TestBroker.StartAsync(configure: services =>
        {
            services.AddSingleton(catalogue);
            if (threads is not null)
                services.AddSingleton(threads);
        });
        Configure(broker, Entry(algorithm, more));
        await broker.Get<AuthnUsers>().SettleAsync(None);
        return broker;
    }

    private static ConfigObject Entry(string algorithm, params (string Name, ConfigValue Value)[] more)
    {
        var entry = new ConfigObject(new()
        {
            ["mechanism"] = "password_based", ["backend"] = "built_in_database", ["bootstrap_file"] = "", ["password_hash_algorithm"] = ConfigJson.Parse(algorithm),
        });
        return more.Aggregate(entry, static (all, one) => all.With(one.Name, one.Value));
    }

    private static ConfigObject EntryOf(TestBroker broker) => broker.Get<AuthnUsers>().Entries[0].Entry;

    /// <summary>Puts the list in force, checked as a change of the API is.</summary>
    private static void Configure(TestBroker broker, params ConfigObject[] entries)
    {
        List<Violation> problems = [];
        var kept = new AuthenticationKind(broker.Get<AuthenticatorCatalogue>()).Check(new ConfigArray(entries), AuthnChain.Root, problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { [AuthnChain.Root] = kept! });
    }

    private static async Task AddAsync(TestBroker broker, string userId, string password, bool isSuperuser = false) =>
        Assert.Equal(AuthnUserResult.Done, (await broker.Get<IAuthnUserControl>().AddAsync(Id, new(userId, password, isSuperuser), None)).Result);

    private static async Task<int> ConnectAsync(TestBroker broker, string? username, string? password, byte version = 5, string? clientId = null)
    {
        await using var client = await broker.OpenAsync(version);
        var options = new ConnectOptions { Version = version, Username = username, Password = password is null ? null : Encoding.UTF8.GetBytes(password) };
        return (await client.ConnectAsync(clientId is null ? options : options with { ClientId = clientId })).ReasonCode;
    }

    private static Credential Credential(string username, byte[]? password) => new(new ClientInfo
    {
        ClientId = "c", Username = username, PeerAddress = System.Net.IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    }, password, null, default, null);

    /// <summary>A folder that goes with the test.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("emqx-users").FullName;

        public string Path(string name) => System.IO.Path.Combine(_folder, name);

        public string Write(string name, string content)
        {
            File.WriteAllText(Path(name), content);
            return Path(name);
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
