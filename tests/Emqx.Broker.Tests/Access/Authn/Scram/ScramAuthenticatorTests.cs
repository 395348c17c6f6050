using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Scram;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Node;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage.InMemory;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Scram;

/// <summary>SCRAM over MQTT 5's enhanced authentication.</summary>
public sealed class ScramAuthenticatorTests
{
    private const string Id = "scram:built_in_database";
    private const string Sha256 = "SCRAM-SHA-256";

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sha256", Sha256)]
    [InlineData("sha512", "SCRAM-SHA-512")]
    public async Task A_client_that_knows_the_password_gets_in_and_hears_that_the_server_knows_it_too(string algorithm, string method)
    {
        await using var node = await StartAsync(algorithm);
        await using var client = await OpenAsync(node);
        var dialog = new Dialog(algorithm, method, "ann", "pa,ss");
        await client.SendAsync(Connect(method, dialog.First).ToPacket());
        await client.SendAsync(Auth(method, dialog.Last(DataOf(await client.ExpectAsync(PacketType.Auth))!), 0x18));
        var connack = await client.ExpectAsync(PacketType.Connack);
        Assert.Equal((ReasonCode.Success, dialog.Signature), (connack.ReasonCode, DataOf(connack)));

        dialog = new Dialog(algorithm, method, "ann", "pa,ss");
        await client.SendAsync(Auth(method, dialog.First, 0x19));
        await client.SendAsync(Auth(method, dialog.Last(DataOf(await client.ExpectAsync(PacketType.Auth))!), 0x18));
        var done = await client.ExpectAsync(PacketType.Auth);
        Assert.Equal((ReasonCode.Success, dialog.Signature), (done.ReasonCode, DataOf(done)));
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_user_and_another_method_do_not_get_in()
    {
        await using var node = await StartAsync("sha256");
        await using var client = await OpenAsync(node);
        var dialog = new Dialog("sha256", Sha256, "ann", "wrong");
        await client.SendAsync(Connect(Sha256, dialog.First).ToPacket());
        await client.SendAsync(Auth(Sha256, dialog.Last(DataOf(await client.ExpectAsync(PacketType.Auth))!), 0x18));
        Assert.Equal(ReasonCode.NotAuthorized, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);

        Assert.Equal(ReasonCode.NotAuthorized, await RefusedAsync(node, Connect(Sha256, "n,,n=bob,r=x")));
        Assert.Equal(ReasonCode.NotAuthorized, await RefusedAsync(node, Connect("SCRAM-SHA-512", "n,,n=ann,r=x")));
        Assert.Equal(ReasonCode.NotAuthorized, await RefusedAsync(node, new ConnectOptions { Username = "ann", Password = "pa,ss"u8.ToArray() }));
    }

    [Theory]
    [InlineData("n,,n=ann,r=x", AuthnOutcome.Continue)]
    [InlineData("y,a=other,n=ann,r=x,f=more", AuthnOutcome.Continue)]
    [InlineData("n,,n=a=2Cb=3D,r=x", AuthnOutcome.Continue)]
    [InlineData("n,,n=nobody,r=x", AuthnOutcome.Ignore)]
    [InlineData("p=tls-unique,,n=ann,r=x", AuthnOutcome.Deny)]
    [InlineData("n,b,n=ann,r=x", AuthnOutcome.Deny)]
    [InlineData("n,,m=must,n=ann,r=x", AuthnOutcome.Deny)]
    [InlineData("n,,n=ann=2,r=x", AuthnOutcome.Deny)]
    [InlineData("n,,n=,r=x", AuthnOutcome.Deny)]
    [InlineData("n,,n=ann,r=", AuthnOutcome.Deny)]
    [InlineData("n,,n=ann", AuthnOutcome.Deny)]
    [InlineData("n", AuthnOutcome.Deny)]
    public async Task Only_a_first_message_of_a_known_user_is_answered(string first, object outcome)
    {
        await using var authenticator = Authenticator(User("ann"), User("a,b="));
        Assert.Equal((AuthnOutcome)outcome, (await authenticator.AuthenticateAsync(Credential(first, null), None)).Outcome);
    }

    [Fact]
    public async Task The_last_message_must_be_that_of_this_exchange()
    {
        await using var authenticator = Authenticator(User("ann"));
        foreach (var change in (Func<string, string>[])[static last => last, static last => last.Replace("r=", "r=x", StringComparison.Ordinal), static last => "c=cCwsLA==" + last[6..],
            static last => last[..^2], static last => last.Replace(",p=", ",x=1,p=", StringComparison.Ordinal), static _ => "", static last => last[..last.IndexOf(",p=", StringComparison.Ordinal)], static last => last + "!"])
        {
            var dialog = new Dialog("sha256", Sha256, "ann", "secret");
            var asked = await authenticator.AuthenticateAsync(Credential(dialog.First, null), None);
            var last = dialog.Last(Encoding.UTF8.GetString(asked.Data.Span));
            var changed = change(last);
            var outcome = (await authenticator.AuthenticateAsync(Credential(changed, asked.State), None)).Outcome;
            Assert.Equal(changed == last ? AuthnOutcome.Allow : changed.Length == 0 ? AuthnOutcome.Ignore : AuthnOutcome.Deny, outcome);
        }
    }

    [Fact]
    public async Task What_is_no_text_is_refused_and_without_data_nothing_is_said()
    {
        await using var authenticator = Authenticator(User("ann"));
        Assert.Equal(AuthnOutcome.Deny, (await authenticator.AuthenticateAsync(Credential("", null) with { Data = new byte[] { 0xff } }, None)).Outcome);
        Assert.Equal(AuthnOutcome.Ignore, (await authenticator.AuthenticateAsync(Credential("", null), None)).Outcome);
    }

    private static ScramAuthenticator Authenticator(params AuthnUser[] known)
    {
        var users = new AuthnUserSet(Id, new InMemoryAuthnUserStore());
        users.Load(known.Select(static user => user.ToStored(Id)));
        return new(Settings, users);
    }

    private static SettingsReader Settings => new(new ConfigObject(new() { ["algorithm"] = "sha256", ["iteration_count"] = 2 }));

    private static AuthnUser User(string id)
    {
        var (storedKey, serverKey) = new ScramKeys(Settings).Derive("secret"u8, "salt"u8);
        return new(id, false, storedKey, serverKey, "salt"u8);
    }

    private static Credential Credential(string data, object? state) => new(new ClientInfo
    {
        ClientId = "c", Username = null, PeerAddress = System.Net.IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    }, default, Sha256, Encoding.UTF8.GetBytes(data), state);

    private static async Task<BrokerNode> StartAsync(string algorithm)
    {
        var node = await BrokerNode.StartNewAsync(new BrokerNodeOptions
        {
            Tcp = TestBroker.Loopback, Configuration = $"authentication = [{{mechanism = scram, backend = built_in_database, algorithm = {algorithm}, iteration_count = 10}}]",
        });
        Assert.Equal(AuthnUserResult.Done, (await node.Services.GetRequiredService<IAuthnUserControl>().AddAsync(Id, new("ann", "pa,ss", false), None)).Result);
        return node;
    }

    private static Task<RawMqttClient> OpenAsync(BrokerNode node) => RawMqttClient.OpenTcpAsync(node.Listeners[0].EndPoint, 5);

    private static async Task<int> RefusedAsync(BrokerNode node, ConnectOptions options)
    {
        await using var client = await OpenAsync(node);
        return (await client.ConnectAsync(options)).ReasonCode;
    }

    private static ConnectOptions Connect(string method, string data) => new()
    {
        Properties = { { Property.AuthenticationMethod, method }, { Property.AuthenticationData, Encoding.UTF8.GetBytes(data) } },
    };

    private static byte[] Auth(string method, string data, byte reason) => new PacketWriter().Byte(reason).Raw(Connect(method, data).Properties.Encode()).ToPacket(PacketType.Auth);

    private static string? DataOf(ReceivedPacket packet) => packet.Properties.Bytes(Property.AuthenticationData) is { } data ? Encoding.UTF8.GetString(data) : null;

    /// <summary>The client's side (RFC 5802, 3), written apart from the server's.</summary>
    private sealed class Dialog(string algorithm, string method, string user, string password)
    {
        private readonly HashAlgorithmName _hash = algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        private readonly string _bare = $"n={user},r={Guid.NewGuid():N}";

        public string First => "n,," + _bare;

        public string? Signature { get; private set; }

        public string Last(string question)
        {
            Assert.EndsWith(algorithm[3..], method, StringComparison.Ordinal);
            var parts = question.Split(',').ToDictionary(static part => part[0], static part => part[2..]);
            var length = _hash == HashAlgorithmName.SHA512 ? 64 : 32;
            var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(parts['s']), int.Parse(parts['i'], System.Globalization.CultureInfo.InvariantCulture), _hash, length);
            var clientKey = CryptographicOperations.HmacData(_hash, salted, "Client Key"u8.ToArray());
            var unproved = $"c=biws,r={parts['r']}";
            var message = Encoding.UTF8.GetBytes($"{_bare},{question},{unproved}");
            var signature = CryptographicOperations.HmacData(_hash, CryptographicOperations.HashData(_hash, clientKey), message);
            Signature = "v=" + Convert.ToBase64String(CryptographicOperations.HmacData(_hash, CryptographicOperations.HmacData(_hash, salted, "Server Key"u8.ToArray()), message));
            return $"{unproved},p={Convert.ToBase64String([.. clientKey.Zip(signature, static (key, sign) => (byte)(key ^ sign))])}";
        }
    }
}
