using Emqx.Broker.Listeners;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emqx.Broker.Node;

/// <summary>
/// A whole node as one thing: started, listening, published to, subscribed to, reset, stopped. Make one for a test or a program with
/// <see cref="StartNewAsync"/>; a server has one among its services and starts and stops it as its host says. All members may be called from any thread.
/// </summary>
public sealed class BrokerNode : IHostedService, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly NodeConfiguration _configuration;
    private readonly NodeModules _modules;
    private readonly ListenerControl _listeners;
    private readonly IMqttListeners _sockets;
    private readonly ILogger _logger;
    private ServiceProvider? _own;

    internal BrokerNode(IServiceProvider services)
    {
        _services = services;
        _configuration = services.GetRequiredService<NodeConfiguration>();
        _modules = services.GetRequiredService<NodeModules>();
        _listeners = services.GetRequiredService<ListenerControl>();
        _sockets = services.GetRequiredService<IMqttListeners>();
        _logger = services.GetRequiredService<ILogger<BrokerNode>>();
    }

    /// <summary>The node's name.</summary>
    public string Name => _configuration.NodeName;

    /// <summary>The listeners that are open, in the configuration's order; none before the start.</summary>
    public IReadOnlyList<BrokerListener> Listeners =>
    [
        .. from settings in _configuration.Listeners
           let open = _sockets.Find(settings.Id)
           where open is not null
           select new BrokerListener(settings.Id, open.Bound),
    ];

    /// <summary>What the node is made of.</summary>
    internal IServiceProvider Services => _services;

    /// <summary>Makes a node that is not started yet. Dispose it.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The configuration is wrong; the message has a line for each problem.</exception>
    public static BrokerNode Create(BrokerNodeOptions? options = null)
    {
        options ??= new BrokerNodeOptions();
        var services = new ServiceCollection();
        services.AddSingleton(options.Time).AddSingleton(options.LoggerFactory ?? NullLoggerFactory.Instance);
        services.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(Logger<>)));
        services.AddBrokerNode(options.Load());
        options.Configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        var node = provider.GetRequiredService<BrokerNode>();
        node._own = provider;
        return node;
    }

    /// <summary>Makes a node and starts it. Dispose it.</summary>
    /// <param name="options">Null: the defaults, which are a node without listeners.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="ArgumentException">The configuration is wrong; the message has a line for each problem.</exception>
    /// <exception cref="IOException">An address of a listener is in use or not to be had.</exception>
    public static async Task<BrokerNode> StartNewAsync(BrokerNodeOptions? options = null, CancellationToken cancellation = default)
    {
        var node = Create(options);
        try
        {
            await node.StartAsync(cancellation).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads what storage has kept, and opens the listeners of the configuration. Once.</summary>
    /// <exception cref="IOException">An address of a listener is in use or not to be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        foreach (var warning in _configuration.Warnings)
            NodeLog.ConfigurationWarning(_logger, warning);
        await _modules.StartAsync(cancellationToken).ConfigureAwait(false);
        await _listeners.StartAllAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Publishes a message as a client would, but that nobody authorizes it: hooks see it, the retainer keeps it, subscribers get it.
    /// </summary>
    /// <returns>How many subscribers (a share group counts as one) the message went to; -1 where a hook has not answered in time.</returns>
    /// <exception cref="ArgumentException">The topic is no topic name, or the QoS is above 2.</exception>
    public ValueTask<int> PublishAsync(BrokerMessage message, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellation.ThrowIfCancellationRequested();
        if (!TopicName.IsValid(message.Topic))
            throw new ArgumentException($"\"{message.Topic}\" is no topic name.", nameof(message));
        if (message.Qos > 2)
            throw new ArgumentException($"{message.Qos} is no QoS.", nameof(message));

        var now = Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        return Get<IMessagePublisher>().PublishAsync(Message.Create(message.Topic, message.Payload, message.From, now, message.Qos, message.Retain));
    }

    /// <summary>Subscribes code of this process: it gets the retained messages at once, then each message as it is published.</summary>
    /// <param name="filter">A topic filter, <c>a/+/c</c> or <c>$share/group/a/#</c>.</param>
    /// <param name="receive">
    /// Called on the publisher's thread, from several at once where several publish: it must not block. What it throws is logged.
    /// </param>
    /// <returns>Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentException">It is no topic filter.</exception>
    public IDisposable Subscribe(string filter, Action<BrokerMessage> receive)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(receive);
        return Get<LocalSubscriptions>().Add(filter, receive);
    }

    /// <summary>
    /// Forgets all that has happened: clients are cut off without a word or a will, and their sessions, every subscription, retained and
    /// delayed messages, bans, alarms, samples and counters are gone. Listeners stay open and settings as they are: for tests that share a node.
    /// </summary>
    public async Task ResetAsync(CancellationToken cancellation = default)
    {
        Get<SessionTable>().DestroyAll("reset");
        await _modules.ResetAsync(cancellation).ConfigureAwait(false);
        Get<Counters>().Reset();
    }

    /// <summary>Says goodbye to every client (MQTT 5: 0x8B), publishes wills, closes the listeners, and ends what runs beside them.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _sockets.ShutDownAsync(cancellationToken).ConfigureAwait(false);
        await _modules.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the node at once, as if its process had been killed; <see cref="StopAsync"/> says goodbye first.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _own, null) is { } own ? own.DisposeAsync() : ValueTask.CompletedTask;

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();
}
