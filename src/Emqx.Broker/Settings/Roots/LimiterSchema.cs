using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>limiter</c>.</summary>
internal static class LimiterSchema
{
    private static readonly StructKind s_table = Struct("limiter.limiter",
        Field("max_conn_rate", Rate, "infinity"),
        Optional("messages_rate", Rate),
        Optional("bytes_rate", Rate),
        Hidden("bytes", Open) with { Aliases = ["bytes_in"] },
        Hidden("messages", Open) with { Aliases = ["message_in"] },
        Hidden("connection", Open),
        Hidden("message_routing", Open),
        Hidden("internal", Open),
        Hidden("client", Open));

    public static readonly Root<LimiterSettings> Root = new("limiter", s_table, Read) { Address = new("what the whole node takes", IsHidden: true) };

    private static LimiterSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Rate("max_conn_rate"), read.Rate("messages_rate"), read.Rate("bytes_rate"));
    }
}
