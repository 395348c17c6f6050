using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>The root <c>retainer</c>.</summary>
internal static class RetainerRoot
{
    private const string DeliveryRate = "1000/s";

    private static readonly ConfigArray s_indexSpecs = new([Levels(1, 2, 3), Levels(1, 3), Levels(2, 3), Levels(3)]);

    private static readonly StructKind s_clientDelivery = Struct(Field("rate", Rate, DeliveryRate), Hidden("burst", Open), Hidden("initial", Open));

    private static readonly StructKind s_delivery = Struct(
        Field("rate", Rate, "infinity"),
        Hidden("burst", Open),
        Hidden("initial", Open),
        Part("client", s_clientDelivery));

    private static readonly StructKind s_flowControl = Struct("retainer.flow_control",
        Field("batch_read_number", NotNegative, 1000).Says("Messages that are read in one go; 0: all."),
        Field("batch_deliver_number", NotNegative, 1000).Says("Messages that are delivered in one go; 0: all."),
        Part("batch_deliver_limiter", s_delivery).Says("How fast batches are delivered."));

    private static readonly StructKind s_backend = Struct("retainer.mnesia_config",
        Field("type", Enum("built_in_database"), "built_in_database").Says("Where messages are kept."),
        Field("storage_type", Enum("ram", "disc"), "ram").Says("Whether messages outlive a restart."),
        Field("max_retained_messages", NotNegative, 0).Says("Most messages that are kept; 0: no limit."),
        Field("index_specs", ArrayOf(ArrayOf(Positive)), s_indexSpecs).Says("Levels of topics that an index is made of."),
        Field("enable", Flag, true));

    private static readonly StructKind s_table = Struct("retainer",
        Field("enable", Flag, true).Says("Whether retained messages are kept."),
        Field("msg_expiry_interval", Duration, "0s").Says("Life of messages that bring none of their own; 0s: no end."),
        Field("msg_expiry_interval_override", OrDisabled(Duration), "disabled").Says("Life of all messages, whatever they bring."),
        Field("allow_never_expire", Flag, true).Says("Whether messages may live without end."),
        Field("msg_clear_interval", Duration, "0s").Says("How often messages whose life has ended are cleared away; 0s: never."),
        Part("flow_control", s_flowControl).Says("How much is read and delivered at a time."),
        Field("max_payload_size", Bytes, "1MB").Says("Largest payload that is kept."),
        Field("stop_publish_clear_msg", Flag, false).Says("The empty message that clears a topic is not delivered."),
        Field("delivery_rate", Rate, DeliveryRate).Says("How fast messages are delivered to one that subscribes.") with { Aliases = ["deliver_rate"] },
        Field("max_publish_rate", Rate, "1000/s").Says("How fast messages are taken to be kept."),
        Part("backend", s_backend).Says("Where messages are kept, and how many."),
        Hidden("external_backends", Open));

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
            StopPublishClearMsg = read.Flag("stop_publish_clear_msg"),
        };
    }

    private static ConfigArray Levels(params long[] levels) => new([.. levels.Select(level => (ConfigValue)level)]);
}
