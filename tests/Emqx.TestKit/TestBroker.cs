using System.Net;
using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.TestKit;

/// <summary>A broker in this process with nothing on disk and a TCP listener on a free port of loopback.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestBroker(ServiceProvider services) => _services = services;

    public IServiceProvider Services => _services;

    /// <summary>Where the TCP listener is.</summary>
    public IPEndPoint Tcp { get; private set; } = null!;

    /// <summary>Errors that the broker has logged; empty in a sound one.</summary>
    public LoggedErrors Errors { get; } = new();

    internal static async Task<TestBroker> StartAsync(MqttSettings? mqtt = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        time ??= TimeProvider.System;
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddLogging();
        services.AddBrokerNode(Configuration());
        services.AddSingleton(new SettingsRoot<ZoneSettings>(new ZoneSettings { Mqtt = mqtt ?? new MqttSettings() }));
        services.AddSingleton<INodeCertificate, TestCertificate>();
        configure?.Invoke(services);
        var broker = new TestBroker(services.BuildServiceProvider());
        broker._services.GetRequiredService<ILoggerFactory>().AddProvider(broker.Errors);
        await broker.Get<BrokerNode>().StartAsync();
        broker.Tcp = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "default", Bind = Loopback });
        return broker;
    }

    /// <summary>Defaults throughout, whatever this process' environment says.</summary>
    private static NodeConfiguration Configuration() =>
        NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, [new("EMQX_NODE__DATA_DIR", ConfigurationSources.InMemory), new("EMQX_NODE__NAME", "test@127.0.0.1"), .. NoListeners]), new Dictionary<string, string>(), out _)!;

    private static IEnumerable<KeyValuePair<string, string>> NoListeners =>
        from type in (string[])["TCP", "SSL", "WS", "WSS"] select KeyValuePair.Create($"EMQX_LISTENERS__{type}__DEFAULT__ENABLE", "false");

    /// <summary>A free port of loopback.</summary>
    public static IPEndPoint Loopback => new(IPAddress.Loopback, 0);

    internal T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Completes when that client's connection is over for the broker, too. Ask before it leaves.</summary>
    public Task GoneAsync(string clientId)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hook = Get<BrokerHooks>().ClientDisconnected.Add(told =>
        {
            if (told.Client.ClientId == clientId)
                gone.TrySetResult();
        });
        return gone.Task.WaitAsync(TimeSpan.FromSeconds(10)).ContinueWith(_ => hook.Dispose(), TaskScheduler.Default);
    }

    /// <summary>Opens another listener and says where it is.</summary>
    internal async Task<IPEndPoint> ListenAsync(ListenerSettings settings)
    {
        var listeners = Get<IMqttListeners>();
        await listeners.StartAsync(settings, CancellationToken.None);
        return listeners.Find(settings.Id)!.Bound;
    }

    /// <summary>Changes the mqtt settings of the zone, as the API would.</summary>
    internal void Configure(Func<MqttSettings, MqttSettings> change)
    {
        var zone = Get<SettingsRoot<ZoneSettings>>();
        zone.Replace(zone.Current with { Mqtt = change(zone.Current.Mqtt) });
    }

    /// <summary>A TCP connection before its CONNECT.</summary>
    public Task<RawMqttClient> OpenAsync(byte version = 5) => RawMqttClient.OpenTcpAsync(Tcp, version);

    /// <summary>A client with a name of its own.</summary>
    public Task<RawMqttClient> ConnectAsync(byte version = 5) => ConnectAsync(new ConnectOptions { Version = version });

    /// <summary>A client whose CONNECT was accepted.</summary>
    public async Task<RawMqttClient> ConnectAsync(ConnectOptions options)
    {
        var client = await OpenAsync(options.Version);
        var connack = await client.ConnectAsync(options);
        return connack.ReasonCode == 0 ? client : throw new ExpectationException($"CONNACK 0x{connack.ReasonCode:X2}");
    }

    public async ValueTask DisposeAsync()
    {
        await Get<NodeModules>().StopAsync();
        await _services.DisposeAsync();
    }
}
