using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>The root <c>retainer</c>.</summary>
internal static class RetainerRoot
{
    /// <summary>Why a change is refused that turns the only backend off.</summary>
    public const string NoBackend = "no_enabled_backend";

    private const string DeliveryRate = "1000/s";

    private static readonly ConfigArray s_indexSpecs = new([Levels(1, 2, 3), Levels(1, 3), Levels(2, 3), Levels(3)]);

    private static readonly StructKind s_clientDelivery = Struct(Field("rate", Rate, DeliveryRate).Says("Messages a second to one that subscribes."), Hidden("burst", Open), Hidden("initial", Open));

    private static readonly StructKind s_delivery = Struct(
        Field("rate", Rate, "infinity").Says("Messages a second to all that subscribe."),
        Hidden("burst", Open),
        Hidden("initial", Open),
        Part("client", s_clientDelivery).Says("How fast they are delivered to one that subscribes."));

    private static readonly StructKind s_flowControl = Struct("retainer.flow_control",
        Field("batch_read_number", NotNegative, 1000).Says("Messages that are read in one go; 0: all."),
        Field("batch_deliver_number", NotNegative, 1000).Says("Messages that are delivered in one go; 0: all."),
        Part("batch_deliver_limiter", s_delivery).Says("How fast batches are delivered."));

    private static readonly ValueKind s_index = new ArrayKind(Positive, static levels => levels.Items.Count == 0
        ? "non_empty_index_spec_limited"
        : levels.Items.Distinct().Count() < levels.Items.Count ? "unique_index_spec_limited" : null);

    private static readonly ValueKind s_indexes = new ArrayKind(s_index, static specs =>
        specs.Items.Distinct().Count() < specs.Items.Count ? "unique_index_spec_limited" : null);

    private static readonly StructKind s_backend = Struct("retainer.mnesia_config",
        Field("type", new SymbolKind("built_in_database"), "built_in_database").Says("Where messages are kept."),
        Field("storage_type", Enum("ram", "disc"), "ram").Says("Whether messages outlive a restart."),
        Field("max_retained_messages", NotNegative, 0).Says("Most messages that are kept; 0: no limit."),
        Field("index_specs", s_indexes, s_indexSpecs).Says("Levels of topics that an index is made of."),
        Field("enable", Flag, true).Says("There is one backend: to turn it off is refused."));

    private static readonly StructField[] s_fields =
    [
        Field("enable", Flag, true).Says("Whether retained messages are kept."),
        Field("msg_expiry_interval", Duration, "0s").Says("Life of messages that bring none of their own; 0s: no end."),
        Field("msg_expiry_interval_override", OrDisabled(Duration), "disabled").Says("Life of all messages, whatever they bring."),
        Field("allow_never_expire", Flag, true).Says("Whether messages may live without end."),
        Field("msg_clear_interval", TimeoutDuration, "0s").Says("How often messages whose life has ended are cleared away; 0s: never."),
        Field("msg_clear_limit", Positive, 50_000) with { Hidden = true },
        Part("flow_control", s_flowControl).Says("How much is read and delivered at a time."),
        Field("max_payload_size", Bytes, "1MB").Says("Largest payload that is kept."),
        Field("stop_publish_clear_msg", Flag, false).Says("The empty message that clears a topic is not delivered."),
        Field("delivery_rate", Rate, DeliveryRate).Says("How fast messages are delivered to one that subscribes.") with { Aliases = ["deliver_rate"] },
        Field("max_publish_rate", Rate, "1000/s").Says("How fast messages are taken to be kept."),
        Part("backend", s_backend).Says("Where messages are kept, and how many."),
        Hidden("external_backends", Open),
    ];

    private static readonly StructKind s_table = new(s_fields, static fields =>
        fields.Find(["backend", "enable"]) is ConfigBoolean { Value: false } ? NoBackend : null) { Id = "retainer" };

    public static readonly Root<RetainerSettings> Root = new("retainer", s_table, Read);

    private static RetainerSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new RetainerSettings
        {
            Enable = read.Flag("enable"),
            MsgExpiryInterval = read.Milliseconds("msg_expiry_interval"),
            MsgExpiryIntervalOverride = read.Milliseconds("msg_expiry_interval_override"),
            AllowNeverExpire = read.Flag("allow_never_expire"),
            MsgClearInterval = read.Milliseconds("msg_clear_interval"),
            MaxPayloadSize = read.Bytes("max_payload_size"),
            MaxRetainedMessages = read.Part("backend").Int("max_retained_messages"),
            MsgClearLimit = read.Int("msg_clear_limit"),
            StopPublishClearMsg = read.Flag("stop_publish_clear_msg"),
            DeliveryRate = read.Rate("delivery_rate"),
            IsOnDisc = read.Part("backend").Text("storage_type") == "disc",
        };
    }

    private static ConfigArray Levels(params long[] levels) => new([.. levels.Select(level => (ConfigValue)level)]);
}
