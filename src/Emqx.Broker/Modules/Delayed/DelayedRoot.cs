using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>The root <c>delayed</c>.</summary>
internal static class DelayedRoot
{
    private static readonly StructKind s_table = Struct("modules.delayed",
        Field("enable", Flag, true).Says("Whether messages to $delayed topics wait."),
        Field("max_delayed_messages", NotNegative, 0).Says("Most messages that wait; 0: no limit."));

    public static readonly Root<DelayedSettings> Root = new("delayed", s_table, Read);

    private static DelayedSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable"), read.Long("max_delayed_messages"));
    }
}

/// <summary>The root <c>delayed</c>. Turning it off deletes what waits; <paramref name="MaxDelayedMessages"/> 0 is no limit.</summary>
internal sealed record DelayedSettings(bool Enable = true, long MaxDelayedMessages = 0);
