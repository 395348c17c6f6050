using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>limiter</c>.</summary>
internal static class LimiterSchema
{
    /// <summary>A rate in the form of before 5.0.25, of the node.</summary>
    private static readonly StructKind s_node = Struct(
        Field("rate", Rate, "infinity"),
        Field("burst", Open, "0"));

    /// <summary>Of all clients of a listener together.</summary>
    private static readonly StructKind s_bucket = Struct(
        Field("rate", Rate, "infinity"),
        Field("burst", Open, "0") with { Aliases = ["capacity"] },
        Field("initial", Open, "0"));

    /// <summary>Of each client.</summary>
    private static readonly StructKind s_client = Struct([
        .. s_bucket.Fields,
        Field("low_watermark", Open, "0"),
        Field("divisible", Flag, true),
        Field("max_retry_time", TimeoutDuration, "1h"),
        Field("failure_strategy", Enum("force", "drop", "throw"), "force"),
    ]);

    /// <summary>The part <c>limiter</c> of a listener.</summary>
    public static readonly StructKind OfListener = Struct([.. Each(s_bucket), Optional("client", Struct([.. Each(s_client)]))]);

    private static readonly StructKind s_table = Struct("limiter.limiter",
        Field("max_conn_rate", Rate, "infinity"),
        Optional("messages_rate", Rate),
        Optional("bytes_rate", Rate),
        Hidden("bytes", s_node) with { Aliases = ["bytes_in"] },
        Hidden("messages", s_node) with { Aliases = ["message_in"] },
        Hidden("connection", s_node),
        Hidden("message_routing", s_node),
        Hidden("internal", s_node),
        Hidden("client", Open));

    public static readonly Root<LimiterSettings> Root = new("limiter", s_table, Read) { Address = new("what the whole node takes", IsHidden: true) };

    private static LimiterSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Rate("max_conn_rate"), RateOf(read, "messages_rate", read.Part("messages")), RateOf(read, "bytes_rate", read.Part("bytes")));
    }

    /// <summary>The rate of that name; where there is none, that of its older form.</summary>
    public static double RateOf(SettingsReader read, string name, SettingsReader older) => read.Has(name) ? read.Rate(name) : older.Rate("rate");

    private static StructField[] Each(StructKind kind) =>
    [
        Optional("bytes", kind) with { Aliases = ["bytes_in"] },
        Optional("messages", kind) with { Aliases = ["message_in"] },
        Optional("connection", kind),
        Optional("message_routing", kind),
    ];
}
