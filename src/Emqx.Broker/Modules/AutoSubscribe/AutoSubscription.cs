using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.AutoSubscribe;

/// <summary>
/// Auto subscribe: subscribes every client that connects to the topics of the settings, unasked and unauthorized, right behind its CONNACK.
/// While there are none it does not hang on the hook.
/// </summary>
internal sealed class AutoSubscription(SettingsRoot<AutoSubscribeSettings> settings, ISessionActions sessions, ILogger<AutoSubscription> logger) : INodeModule, IDisposable
{
    private readonly Lock _gate = new();
    private Entry[] _entries = [];
    private HookEvent<ClientConnected>? _hook;
    private IDisposable? _listening;

    private sealed record Entry(AutoSubscribeTopic Topic, TopicTemplate Template);

    public void Attach(BrokerHooks hooks)
    {
        lock (_gate)
            _hook = hooks.ClientConnected;
        settings.Changed += OnSettingsChanged;
        Follow(settings.Current);
    }

    public void Dispose() => settings.Changed -= OnSettingsChanged;

    private void OnSettingsChanged(AutoSubscribeSettings old, AutoSubscribeSettings now) => Follow(now);

    private void Follow(AutoSubscribeSettings now)
    {
        lock (_gate)
        {
            Volatile.Write(ref _entries, [.. now.Topics.Select(static topic => new Entry(topic, new TopicTemplate(topic.Topic)))]);
            if (now.Topics.Count > 0)
            {
                _listening ??= _hook?.Add(OnConnected);
                return;
            }

            _listening?.Dispose();
            _listening = null;
        }
    }

    private void OnConnected(ClientConnected connected)
    {
        foreach (var (topic, template) in Volatile.Read(ref _entries))
        {
            if (template.Fill(connected.Client) is { } filter)
                sessions.Subscribe(connected.Session, TextOf(filter), OptionsOf(topic, connected.Client));
            else
                AutoSubscribeLog.Ignored(logger, connected.Client.ClientId, topic.Topic);
        }
    }

    /// <summary>MQTT 3 knows no options but the QoS; bridges get the retain flag as it was published, as by their own SUBSCRIBE.</summary>
    private static SubscriptionOptions OptionsOf(AutoSubscribeTopic topic, ClientInfo client)
    {
        var isNew = client.ProtocolVersion >= 5;
        return new((byte)topic.Qos, isNew && topic.Nl == 1, isNew ? topic.Rap == 1 : client.IsBridge, (byte)topic.Rh, 0);
    }

    /// <summary>The filter as a client would write it.</summary>
    private static string TextOf(TopicFilter filter) => filter.IsExclusive ? "$exclusive/" + filter.Topic : filter.Text;
}
