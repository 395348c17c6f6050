
namespace Emqx.Broker.Settings;

/// <summary>How the member of a share group that gets a message is chosen (EMQX's shared_subscription_strategy).</summary>
internal enum SharedStrategy
{
    RoundRobin,
    RoundRobinPerGroup,
    Random,
    Local,
    Sticky,
    HashClientId,
    HashTopic,
}

/// <summary>
/// The root <c>mqtt</c> of a zone as the broker uses it, with EMQX's defaults. How the fields look in text is the
/// business of the settings' schema. Durations are milliseconds; -1 stands for infinity or disabled, as each field says.
/// </summary>
internal sealed record MqttSettings
{
    /// <summary>Until the first packet must be complete.</summary>
    public long IdleTimeout { get; init; } = 15_000;

    /// <summary>Bytes of a whole packet.</summary>
    public int MaxPacketSize { get; init; } = 1_048_576;
    public int MaxClientIdLength { get; init; } = 65535;
    public int MaxTopicLevels { get; init; } = 128;
    public int MaxTopicAlias { get; init; } = 65535;
    public byte MaxQosAllowed { get; init; } = 2;
    public int MaxInflight { get; init; } = 32;

    /// <summary>Messages; 0 for no limit.</summary>
    public int MaxMqueueLength { get; init; } = 1000;

    /// <summary>0 for no limit.</summary>
    public int MaxAwaitingRel { get; init; } = 100;

    /// <summary>-1: infinity.</summary>
    public long AwaitRelTimeout { get; init; } = 300_000;

    /// <summary>-1: infinity.</summary>
    public int MaxSubscriptions { get; init; } = -1;

    /// <summary>Of MQTT 3 sessions with clean session 0.</summary>
    public long SessionExpiryInterval { get; init; } = 7_200_000;

    /// <summary>-1: infinity.</summary>
    public long MessageExpiryInterval { get; init; } = -1;

    /// <summary>-1: infinity.</summary>
    public long RetryInterval { get; init; } = -1;
    public double KeepAliveMultiplier { get; init; } = 1.5;
    public long KeepAliveCheckInterval { get; init; } = 30_000;

    /// <summary>Seconds; -1: disabled.</summary>
    public int ServerKeepAlive { get; init; } = -1;
    public bool RetainAvailable { get; init; } = true;
    public bool WildcardSubscription { get; init; } = true;
    public bool SharedSubscription { get; init; } = true;
    public SharedStrategy SharedSubscriptionStrategy { get; init; } = SharedStrategy.RoundRobin;

    /// <summary>For the sticky strategy: random, local, hash_topic or hash_clientid.</summary>
    public SharedStrategy SharedSubscriptionInitialStickyPick { get; init; } = SharedStrategy.Random;
    public bool ExclusiveSubscription { get; init; }
    public bool IgnoreLoopDeliver { get; init; }
    public bool StrictMode { get; init; }
    public string ResponseInformation { get; init; } = "";
    public bool UseUsernameAsClientId { get; init; }

    /// <summary>disabled, cn, dn, crt, pem or md5.</summary>
    public string PeerCertAsUsername { get; init; } = "disabled";

    /// <summary>disabled, cn, dn, crt, pem or md5.</summary>
    public string PeerCertAsClientId { get; init; } = "disabled";

    /// <summary>Expressions and the attribute that each sets.</summary>
    public IReadOnlyList<ClientAttributeRule> ClientAttributesInit { get; init; } = [];

    /// <summary>An expression, or "disabled".</summary>
    public string ClientIdOverride { get; init; } = "disabled";

    /// <summary>Topic to priority 1..255; null: disabled.</summary>
    public IReadOnlyDictionary<string, int>? MqueuePriorities { get; init; }

    /// <summary>Messages without a priority go after all others (lowest) or before (highest).</summary>
    public bool MqueueDefaultPriorityHighest { get; init; }
    public bool MqueueStoreQos0 { get; init; } = true;
    public bool UpgradeQos { get; init; }
}

/// <summary>One item of <c>client_attrs_init</c>.</summary>
internal sealed record ClientAttributeRule(string Expression, string SetAsAttribute);

/// <summary>The root <c>flapping_detect</c>: bans clients that connect too often. Milliseconds.</summary>
internal sealed record FlappingDetectSettings(bool Enable = false, int MaxCount = 15, long WindowTime = 60_000, long BanTime = 300_000);

/// <summary>The root <c>force_shutdown</c>: bounds on what one client may hold in the node.</summary>
internal sealed record ForceShutdownSettings(bool Enable = true, int MaxMailboxSize = 1000, long MaxHeapSize = 32L << 20);

/// <summary>The root <c>conn_congestion</c>: alarms for clients that take nothing. Milliseconds.</summary>
internal sealed record ConnCongestionSettings(bool EnableAlarm = true, long MinAlarmSustainDuration = 60_000);

/// <summary>What the broker's hot parts read: one object, replaced as a whole.</summary>
internal sealed record ZoneSettings
{
    private readonly bool _zonesIgnoreLoops;

    public MqttSettings Mqtt { get; init; } = new();
    public FlappingDetectSettings FlappingDetect { get; init; } = new();
    public ForceShutdownSettings ForceShutdown { get; init; } = new();
    public ConnCongestionSettings ConnCongestion { get; init; } = new();

    /// <summary>Of the global settings: what each zone has that is configured, the global values filled in; null where none is.</summary>
    public Dictionary<string, ZoneSettings>? Zones
    {
        get;
        init
        {
            field = value;
            _zonesIgnoreLoops = value is not null && value.Values.Any(static zone => zone.Mqtt.IgnoreLoopDeliver);
        }
    }

    /// <summary>Whether some client does not get its own messages: asked for every delivery.</summary>
    public bool IgnoresLoopsSomewhere => Mqtt.IgnoreLoopDeliver || _zonesIgnoreLoops;

    /// <summary>The settings of a zone; null where there is none of that name. The zone <c>default</c> is always there.</summary>
    public ZoneSettings? Find(string zone) => Zones is not null && Zones.TryGetValue(zone, out var own) ? own : zone == "default" ? this : null;

    /// <summary>The settings of a zone, or the global ones where it is gone.</summary>
    public ZoneSettings Of(string zone) => Zones is null ? this : Find(zone) ?? this;
}
