using BenchmarkDotNet.Attributes;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;

namespace Emqx.Benchmarks.Access;

/// <summary>What it costs to authorize a publish: remembered, by the default rules, and by 100,000 rules of the built-in database.</summary>
[MemoryDiagnoser]
public class AuthorizationBenchmarks
{
    private const int Rules = 100_000;
    private readonly AuthorizationCache _cache = new();
    private readonly AuthorizationAccess _access = new(IsPublish: true, Qos: 0, Retain: false, "sensors/client-77777/temperature");
    private TestBroker _broker = null!;
    private Authorizer _authorizer = null!;
    private ClientInfo _client = null!;

    [Params("", """{"type":"built_in_database"},""")]
    public string Before { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        _broker = await TestBroker.StartAsync();
        var sources = $$"""{"sources":[{{Before}}{"type":"file"}]}""";
        var kept = AuthorizationRoot.Root.Kind.Check(ConfigJson.Parse(sources), AuthorizationRoot.Name, []);
        _broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { [AuthorizationRoot.Name] = kept! });
        await _broker.Get<IAuthzRuleControl>().AddAsync([.. Enumerable.Range(0, Rules).Select(SetOf)], CancellationToken.None);
        _authorizer = _broker.Get<Authorizer>();
        _client = new ClientInfo
        {
            ClientId = "client-77777", Username = "user", PeerAddress = System.Net.IPAddress.Parse("192.0.2.7"), PeerPort = 1, SocketPort = 1883,
            ProtocolName = "MQTT", ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 1,
        };
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _broker.DisposeAsync();

    [Benchmark]
    public ValueTask<bool> Remembered() => _authorizer.IsAllowedAsync(_client, _cache, _access);

    [Benchmark]
    public ValueTask<bool> Asked() => _authorizer.AskAsync(_client, _access);

    private static AuthzRuleSet SetOf(int i) =>
        new(AuthzSubject.Clientid, $"client-{i}", [BuiltInRule.From($"sensors/client-{i}/+", "allow", "publish", qos: null, retain: null)!]);
}
