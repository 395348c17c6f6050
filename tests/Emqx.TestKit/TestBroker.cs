using System.Net;
using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.TestKit;

/// <summary>A broker in this process with nothing on disk and a TCP listener on a free port of loopback.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly BrokerNode _node;

    private TestBroker(BrokerNode node, LoggedErrors errors) => (_node, Tcp, Errors) = (node, node.Listeners[0].EndPoint, errors);

    public IServiceProvider Services => _node.Services;

    /// <summary>Where the TCP listener is.</summary>
    public IPEndPoint Tcp { get; }

    /// <summary>Errors that the broker has logged; empty in a sound one.</summary>
    public LoggedErrors Errors { get; }

    internal static async Task<TestBroker> StartAsync(MqttSettings? mqtt = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var errors = new LoggedErrors();
        var node = await BrokerNode.StartNewAsync(new BrokerNodeOptions
        {
            Name = "test@127.0.0.1",
            Tcp = Loopback,
            Time = time ?? TimeProvider.System,
            LoggerFactory = new LoggerFactory([errors]),
            Configure = services =>
            {
                services.AddSingleton(new SettingsRoot<ZoneSettings>(new ZoneSettings { Mqtt = mqtt ?? new MqttSettings() }));
                services.AddSingleton<INodeCertificate, TestCertificate>();
                configure?.Invoke(services);
            },
        });
        return new TestBroker(node, errors);
    }

    /// <summary>A free port of loopback.</summary>
    public static IPEndPoint Loopback => new(IPAddress.Loopback, 0);

    internal T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Completes when that client's connection is over for the broker, too. Ask before it leaves.</summary>
    public Task GoneAsync(string clientId)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hook = Get<BrokerHooks>().ClientDisconnected.Add(told =>
        {
            if (told.Client.ClientId == clientId)
                gone.TrySetResult();
        });
        return gone.Task.WaitAsync(Patience.Long).ContinueWith(_ => hook.Dispose(), TaskScheduler.Default);
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

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
