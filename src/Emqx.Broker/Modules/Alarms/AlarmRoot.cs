using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>The root <c>alarm</c>.</summary>
internal static class AlarmRoot
{
    private static readonly StructKind s_table = Struct("emqx.alarm",
        Field("actions", ArrayOf(Enum("log", "publish")), new ConfigArray(["log", "publish"]))
            .Says("What happens when an alarm comes or goes: a line in the log, a message below $SYS."),
        Field("size_limit", Range(1, 3000), 1000).Says("Most past alarms that are kept."),
        Field("validity_period", Duration, "24h").Says("How long past alarms are kept."));

    public static readonly Root<AlarmSettings> Root = new("alarm", s_table, Read) { Address = new("how alarms are kept and told") };

    private static AlarmSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var actions = read.Texts("actions");
        return new(actions.Contains("log"), actions.Contains("publish"), read.Int("size_limit"), read.Milliseconds("validity_period"));
    }
}
