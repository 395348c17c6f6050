using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Rules.Expressions;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>mqtt</c>.</summary>
internal static class MqttSchema
{
    private const long LargestPacket = 268_435_455;

    private static readonly SettingsKind s_packetSize = new ByteSizeKind(PacketSizeProblem);
    private static readonly SettingsKind s_multiplier = new NumberKind(1, 65535, new ConfigObject(new()
    {
        ["reason"] = "keepalive_multiplier_out_of_range",
        ["min"] = 1L,
        ["max"] = 65535L,
    }));

    private static readonly SettingsKind s_expression = new TextKind("string", ExpressionProblem);
    private static readonly SettingsKind s_override = new TextKind("string", text => text == "disabled" ? null : ExpressionProblem(text));
    private static readonly SettingsKind s_priorities = OrDisabled(new MapKind(Range(1, 255)));
    private static readonly SettingsKind s_certificatePart = Enum("disabled", "cn", "dn", "crt", "pem", "md5");
    private static readonly SettingsKind s_clientAttribute = Struct(
        Required("expression", s_expression),
        Required("set_as_attr", new TextKind("binary()", text => Names.IsRestricted(text) ? null : "Invalid string for attribute name")));

    public static readonly StructKind Kind = Struct(
        Field("idle_timeout", OrInfinity(Duration), "15s"),
        Field("max_packet_size", s_packetSize, "1MB"),
        Field("max_clientid_len", Range(23, 65535), 65535),
        Field("max_topic_levels", Range(1, 65535), 128),
        Field("max_topic_alias", Range(0, 65535), 65535),
        Field("retain_available", Flag, true),
        Field("wildcard_subscription", Flag, true),
        Field("shared_subscription", Flag, true),
        Field("shared_subscription_strategy", Enum("random", "round_robin", "round_robin_per_group", "sticky", "local", "hash_topic", "hash_clientid"), "round_robin"),
        Field("shared_subscription_initial_sticky_pick", Enum("random", "local", "hash_topic", "hash_clientid"), "random"),
        Field("exclusive_subscription", Flag, false),
        Field("ignore_loop_deliver", Flag, false),
        Field("strict_mode", Flag, false),
        Field("response_information", Text, ""),
        Field("server_keepalive", OrDisabled(Positive), "disabled"),
        Hidden("keepalive_backoff", new NumberKind(0, double.MaxValue, "number()")),
        Field("keepalive_multiplier", s_multiplier, 1.5),
        Field("keepalive_check_interval", TimeoutDuration, "30s"),
        Field("retry_interval", OrInfinity(TimeoutDuration), "infinity"),
        Field("use_username_as_clientid", Flag, false),
        Field("peer_cert_as_username", s_certificatePart, "disabled"),
        Field("peer_cert_as_clientid", s_certificatePart, "disabled"),
        Field("client_attrs_init", ArrayOf(s_clientAttribute), ConfigArray.Empty),
        Field("clientid_override", s_override, "disabled"),
        Field("session_expiry_interval", Duration, "2h"),
        Field("message_expiry_interval", OrInfinity(Duration), "infinity"),
        Field("max_awaiting_rel", OrInfinity(NotNegative), 100),
        Field("max_qos_allowed", Qos, 2),
        Field("mqueue_priorities", s_priorities, "disabled"),
        Field("mqueue_default_priority", Enum("highest", "lowest"), "lowest"),
        Field("mqueue_store_qos0", Flag, true),
        Field("max_mqueue_len", OrInfinity(NotNegative), 1000),
        Field("max_inflight", Range(1, 65535), 32),
        Field("max_subscriptions", OrInfinity(AtLeast(1)), "infinity"),
        Field("upgrade_qos", Flag, false),
        Field("await_rel_timeout", Duration, "300s"));

    public static MqttSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new MqttSettings
        {
            IdleTimeout = read.Milliseconds("idle_timeout"),
            MaxPacketSize = (int)Math.Min(read.Bytes("max_packet_size"), LargestPacket),
            MaxClientIdLength = read.Int("max_clientid_len"),
            MaxTopicLevels = read.Int("max_topic_levels"),
            MaxTopicAlias = read.Int("max_topic_alias"),
            MaxQosAllowed = (byte)read.Int("max_qos_allowed"),
            MaxInflight = read.Int("max_inflight"),
            MaxMqueueLength = Math.Max(read.Int("max_mqueue_len"), 0),
            MaxAwaitingRel = Math.Max(read.Int("max_awaiting_rel"), 0),
            AwaitRelTimeout = read.Milliseconds("await_rel_timeout"),
            MaxSubscriptions = read.Int("max_subscriptions"),
            SessionExpiryInterval = read.Milliseconds("session_expiry_interval"),
            MessageExpiryInterval = read.Milliseconds("message_expiry_interval"),
            RetryInterval = read.Milliseconds("retry_interval"),
            KeepAliveMultiplier = read.Number("keepalive_multiplier"),
            KeepAliveCheckInterval = read.Milliseconds("keepalive_check_interval"),
            ServerKeepAlive = Math.Min(read.Int("server_keepalive"), ushort.MaxValue),
            RetainAvailable = read.Flag("retain_available"),
            WildcardSubscription = read.Flag("wildcard_subscription"),
            SharedSubscription = read.Flag("shared_subscription"),
            SharedSubscriptionStrategy = StrategyOf(read.Text("shared_subscription_strategy")),
            SharedSubscriptionInitialStickyPick = StrategyOf(read.Text("shared_subscription_initial_sticky_pick")),
            ExclusiveSubscription = read.Flag("exclusive_subscription"),
            IgnoreLoopDeliver = read.Flag("ignore_loop_deliver"),
            StrictMode = read.Flag("strict_mode"),
            ResponseInformation = read.Text("response_information"),
            UseUsernameAsClientId = read.Flag("use_username_as_clientid"),
            PeerCertAsUsername = read.Text("peer_cert_as_username"),
            PeerCertAsClientId = read.Text("peer_cert_as_clientid"),
            ClientAttributesInit = [.. read.Items("client_attrs_init").Select(rule => new ClientAttributeRule(rule.Text("expression"), rule.Text("set_as_attr")))],
            ClientIdOverride = read.Text("clientid_override"),
            MqueuePriorities = read.Object("mqueue_priorities")?.ToDictionary(pair => pair.Key, pair => PriorityOf(pair.Value)),
            MqueueDefaultPriorityHighest = read.Text("mqueue_default_priority") == "highest",
            MqueueStoreQos0 = read.Flag("mqueue_store_qos0"),
            UpgradeQos = read.Flag("upgrade_qos"),
        };
    }

    private static int PriorityOf(ConfigValue value) => value is ConfigNumber number && number.TryGetInteger(out var priority) ? (int)priority : 0;

    private static SharedStrategy StrategyOf(string name) => name switch
    {
        "round_robin_per_group" => SharedStrategy.RoundRobinPerGroup,
        "random" => SharedStrategy.Random,
        "local" => SharedStrategy.Local,
        "sticky" => SharedStrategy.Sticky,
        "hash_clientid" => SharedStrategy.HashClientId,
        "hash_topic" => SharedStrategy.HashTopic,
        _ => SharedStrategy.RoundRobin,
    };

    private static string? ExpressionProblem(string text) => Variform.TryParse(text, out _, out var error) ? null : error;

    private static ConfigObject? PacketSizeProblem(long bytes) => bytes switch
    {
        < 1 => new(new() { ["minimum"] = 1L, ["cause"] = "max_mqtt_packet_size_too_small" }),
        > LargestPacket + 1 => new(new() { ["maximum"] = LargestPacket, ["cause"] = "max_mqtt_packet_size_too_large" }),
        _ => null,
    };
}
