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

    private static readonly StructKind s_flowControl = Struct(
        Field("batch_read_number", NotNegative, 1000),
        Field("batch_deliver_number", NotNegative, 1000),
        Part("batch_deliver_limiter", s_delivery));

    private static readonly StructKind s_backend = Struct(
        Field("type", Enum("built_in_database"), "built_in_database"),
        Field("storage_type", Enum("ram", "disc"), "ram"),
        Field("max_retained_messages", NotNegative, 0),
        Field("index_specs", ArrayOf(ArrayOf(Positive)), s_indexSpecs),
        Field("enable", Flag, true));

    private static readonly StructKind s_table = Struct(
        Field("enable", Flag, true),
        Field("msg_expiry_interval", Duration, "0s"),
        Field("msg_expiry_interval_override", OrDisabled(Duration), "disabled"),
        Field("allow_never_expire", Flag, true),
        Field("msg_clear_interval", Duration, "0s"),
        Part("flow_control", s_flowControl),
        Field("max_payload_size", Bytes, "1MB"),
        Field("stop_publish_clear_msg", Flag, false),
        Field("delivery_rate", Rate, DeliveryRate),
        Field("max_publish_rate", Rate, "1000/s"),
        Part("backend", s_backend),
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
