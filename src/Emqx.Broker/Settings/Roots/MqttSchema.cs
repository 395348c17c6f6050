using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Rules.Expressions;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>mqtt</c>.</summary>
internal static class MqttSchema
{
    private const long LargestPacket = 268_435_455;

    private static readonly ValueKind s_packetSize = new ByteSizeKind(PacketSizeProblem);
    private static readonly ValueKind s_multiplier = new NumberKind(1, 65535, new ConfigObject(new()
    {
        ["reason"] = "keepalive_multiplier_out_of_range",
        ["min"] = 1L,
        ["max"] = 65535L,
    }));

    private static readonly ValueKind s_expression = new TextKind("string", ExpressionProblem);
    private static readonly ValueKind s_override = new TextKind("string", text => text == "disabled" ? null : ExpressionProblem(text));
    private static readonly ValueKind s_priorities = OrDisabled(new MapKind(Range(1, 255)));
    private static readonly ValueKind s_certificatePart = Enum("disabled", "cn", "dn", "crt", "pem", "md5");
    private static readonly ValueKind s_clientAttribute = Struct("emqx.client_attrs_init",
        Required("expression", s_expression).Says("Where the value comes from, as an expression over what is known of the client."),
        Required("set_as_attr", new TextKind("binary()", text => Names.IsRestricted(text) ? null : "Invalid string for attribute name"))
            .Says("Name of the attribute."));

    private static readonly StructKind s_table = new([
        Field("idle_timeout", OrInfinity(Duration), "15s").Says("How long a new connection may take until its CONNECT."),
        Field("max_packet_size", s_packetSize, "1MB").Says("Largest packet that is taken; also announced to clients."),
        Field("max_clientid_len", Range(23, 65535), 65535).Says("Longest client id, in bytes."),
        Field("max_topic_levels", Range(1, 65535), 128).Says("Most levels a topic or filter may have."),
        Field("max_topic_alias", Range(0, 65535), 65535).Says("Highest topic alias that a client may use; 0: none."),
        Field("retain_available", Flag, true).Says("Whether clients may publish retained messages."),
        Field("wildcard_subscription", Flag, true).Says("Whether filters with + and # may be subscribed."),
        Field("shared_subscription", Flag, true).Says("Whether $share filters may be subscribed."),
        Field("shared_subscription_strategy", Enum("random", "round_robin", "round_robin_per_group", "sticky", "local", "hash_topic", "hash_clientid"), "round_robin")
            .Says("How a group's next receiver is chosen."),
        Field("shared_subscription_initial_sticky_pick", Enum("random", "local", "hash_topic", "hash_clientid"), "random")
            .Says("How the strategy sticky chooses a publisher's first receiver."),
        Field("exclusive_subscription", Flag, false).Says("Whether $exclusive filters may be subscribed."),
        Field("ignore_loop_deliver", Flag, false).Says("A client of MQTT 3.1.1 does not get its own messages."),
        Field("strict_mode", Flag, false).Says("Checks packets more closely: texts must be sound UTF-8, for example."),
        Field("response_information", Text, "").Says("What CONNACK tells clients that ask for it; empty: nothing."),
        Field("server_keepalive", DisabledOr(Positive), "disabled").Says("Keepalive in seconds that clients must use instead of their own."),
        Hidden("keepalive_backoff", new NumberKind(0, double.MaxValue, "number()")),
        Field("keepalive_multiplier", s_multiplier, 1.5).Says("A client is dropped after this many times its keepalive without a packet."),
        Field("keepalive_check_interval", TimeoutDuration, "30s").Says("How often keepalives are looked at."),
        Field("retry_interval", OrInfinity(TimeoutDuration), "infinity").Says("How long after an unanswered message it is sent again."),
        Field("use_username_as_clientid", Flag, false).Says("The user name takes the place of the client id."),
        Field("peer_cert_as_username", s_certificatePart, "disabled").Says("The part of a client's certificate that becomes its user name."),
        Field("peer_cert_as_clientid", s_certificatePart, "disabled").Says("The part of a client's certificate that becomes its client id."),
        Field("client_attrs_init", ArrayOf(s_clientAttribute), ConfigArray.Empty).Says("Attributes that a client gets when it connects."),
        Field("clientid_override", s_override, "disabled").Says("An expression whose value takes the place of the client id.")
            with { Form = OrDisabled(Text) },
        Field("session_expiry_interval", Duration, "2h").Says("How long sessions of MQTT 3.1.1 clients are kept after they leave."),
        Field("message_expiry_interval", InfinityOr(Duration), "infinity").Says("Life of messages that bring none of their own."),
        Field("max_awaiting_rel", InfinityOr(NotNegative), 100).Says("Most QoS 2 messages of a client that wait for its PUBREL."),
        Field("max_qos_allowed", Qos, 2).Says("Highest QoS that clients may publish with."),
        Field("mqueue_priorities", s_priorities, "disabled").Says("Priority of waiting messages by topic."),
        Field("mqueue_default_priority", Enum("highest", "lowest"), "lowest").Says("Priority of topics that mqueue_priorities does not name."),
        Field("mqueue_store_qos0", Flag, true).Says("Whether QoS 0 messages wait, too, for a client that is away."),
        Field("max_mqueue_len", InfinityOr(NotNegative), 1000).Says("Most messages that wait for a client; 0: no limit."),
        Field("max_inflight", Range(1, 65535), 32).Says("Most messages that are sent to a client and not acknowledged."),
        Field("max_subscriptions", InfinityOr(AtLeast(1)), "infinity").Says("Most subscriptions of one client."),
        Field("upgrade_qos", Flag, false).Says("Messages are delivered with the subscription's QoS even if they were published with a lower one."),
        Field("await_rel_timeout", Duration, "300s").Says("How long a QoS 2 message waits for its PUBREL."),
    ]) { Id = "emqx.mqtt", Convert = Backoff };

    public static readonly Root<MqttSettings> Root = new("mqtt", s_table, Read)
    {
        ReadBy = new Dictionary<string, Type> { ["keepalive_backoff"] = typeof(MqttSchema) },
    };

    /// <summary>The older keepalive_backoff is half of the multiplier, where that has its default.</summary>
    private static ConfigObject Backoff(ConfigObject given) =>
        given["keepalive_backoff"] is ConfigNumber number && number.TryGetNumber(out var backoff) && backoff >= 0.5
        && given["keepalive_multiplier"] is null or ConfigNull or ConfigNumber { Text: "1.5" }
            ? given.With("keepalive_multiplier", backoff * 2) : given;

    private static MqttSettings Read(ConfigObject values)
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
