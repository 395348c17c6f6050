using System.Collections.Concurrent;
using System.Net;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>One open listener: its settings of the moment, its connections, and who may come in.</summary>
internal abstract class ListenerRuntime : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Connection, byte> _connections = new();
    private readonly PacketHandlers _handlers;
    private readonly ConnectionRate _rate;
    private readonly Action<Connection> _over;
    private readonly Action<Connection> _overAndLeft;
    private ListenerSettings _settings;
    private AccessRules _rules;
    private int _count;
    private bool _isOver;

    protected ListenerRuntime(ListenerSettings settings, PacketHandlers handlers)
    {
        _settings = settings;
        _handlers = handlers;
        _rules = new AccessRules(settings.AccessRules);
        _rate = new ConnectionRate(handlers.Wheel);
        _over = connection => _connections.TryRemove(connection, out _);
        _overAndLeft = connection =>
        {
            _over(connection);
            Left();
        };
    }

    public ListenerSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The address that is bound; valid once open.</summary>
    public abstract IPEndPoint Bound { get; }

    /// <summary>Open connections, also those before CONNECT.</summary>
    public int Count => Volatile.Read(ref _count);

    protected TimerWheel Wheel => _handlers.Wheel;

    protected Descriptors Descriptors => _handlers.Descriptors;

    protected ProxyHeaderReading ProxyHeaders => new(_handlers.Unfinished);

    /// <summary>Binds and begins to accept.</summary>
    public abstract Task OpenAsync(CancellationToken cancellation);

    /// <summary>Closes the port; connections stay.</summary>
    public virtual ValueTask StopAcceptingAsync()
    {
        Volatile.Write(ref _isOver, true);
        return default;
    }

    /// <summary>Closes what is left of the listener itself.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Takes over settings that need no new socket.</summary>
    public virtual void Update(ListenerSettings settings)
    {
        _rules = new AccessRules(settings.AccessRules);
        Volatile.Write(ref _settings, settings);
    }

    /// <summary>Reads the files of its certificates anew; where that fails, it goes on with what it has.</summary>
    public virtual void RereadCertificates()
    {
    }

    /// <summary>Stops accepting, then drops every connection with its session.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        foreach (var (connection, _) in _connections)
            _handlers.Sessions.Destroy(connection, "listener_stopped");
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the rules let an address in: that of the socket, never what a proxy says of its client.</summary>
    protected bool Allows(IPAddress peer) => _rules.Allows(peer);

    /// <summary>Whether one more may be there, if only to say in a proxy's header who it is. A listener whose zone is gone has no settings for anybody.</summary>
    protected bool HasRoom(int openConnections)
    {
        var settings = Settings;
        return !Volatile.Read(ref _isOver) && _handlers.Zone.Current.Find(settings.Zone) is not null
            && (settings.MaxConnections < 0 || openConnections < settings.MaxConnections);
    }

    /// <summary>Whether one more may come in now: there is room, and the rates of new connections allow it.</summary>
    protected bool Admits(int openConnections) =>
        HasRoom(openConnections) && _handlers.ConnectionRate.TryTake(Settings, _rate);

    /// <summary>Serves one connection to its end.</summary>
    /// <param name="leaves">It counts no more then. Else the caller has more to do first.</param>
    protected Task ServeAsync(MqttTransport transport, ConnectionOrigin origin, bool leaves = false)
    {
        var connection = new Connection(transport, origin, _handlers);
        _connections.TryAdd(connection, 0);
        return connection.RunAsync(leaves ? _overAndLeft : _over);
    }

    protected void Entered() => Interlocked.Increment(ref _count);

    protected void Left() => Interlocked.Decrement(ref _count);
}
