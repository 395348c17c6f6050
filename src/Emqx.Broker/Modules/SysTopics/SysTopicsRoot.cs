using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>The root <c>sys_topics</c>.</summary>
internal static class SysTopicsRoot
{
    private static readonly StructKind s_events = Struct("emqx.event_names",
        Field("client_connected", Flag, true).Says("A client has connected."),
        Field("client_disconnected", Flag, true).Says("A client has disconnected."),
        Field("client_subscribed", Flag, false).Says("A client has subscribed."),
        Field("client_unsubscribed", Flag, false).Says("A client has unsubscribed."));

    private static readonly StructKind s_table = Struct("emqx.sys_topics",
        Field("sys_msg_interval", OrDisabled(Duration), "1m").Says("How often version, uptime and the like are published below $SYS."),
        Field("sys_heartbeat_interval", OrDisabled(Duration), "30s").Says("How often uptime and time are published below $SYS."),
        Part("sys_event_messages", s_events).Says("Which events of clients are published below $SYS."));

    public static readonly Root<SysTopicsSettings> Root = new("sys_topics", s_table, Read) { Address = new("when the system topics are published") };

    private static SysTopicsSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var events = read.Part("sys_event_messages");
        return new(read.Milliseconds("sys_msg_interval"), read.Milliseconds("sys_heartbeat_interval"), events.Flag("client_connected"),
            events.Flag("client_disconnected"), events.Flag("client_subscribed"), events.Flag("client_unsubscribed"));
    }
}
