using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>The root <c>slow_subs</c>.</summary>
internal static class SlowSubsRoot
{
    public const string Name = "slow_subs";

    private const string Response = "response";
    private const string Internal = "internal";

    private static readonly StructKind s_table = Struct("slow_subs.slow_subs",
        Field("enable", Flag, false).Says("Whether slow deliveries are looked for."),
        Field("threshold", Duration, "500ms").Says("Deliveries that take longer are slow."),
        Field("expire_interval", Duration, "300s").Says("How long a slow delivery stays listed."),
        Field("top_k_num", Positive, 10).Says("How many are listed at most, up to 1000."),
        Field("stats_type", Enum("whole", Internal, Response), "whole")
            .Says("What is measured: from publish to completion (whole), to the first sending (internal), or from there on (response)."));

    public static readonly Root<SlowSubsSettings> Root = new(Name, s_table, Read);

    private static SlowSubsSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var type = read.Text("stats_type") switch { Internal => SlowSpan.Internal, Response => SlowSpan.Response, _ => SlowSpan.Whole };
        return new(read.Flag("enable"), read.Milliseconds("threshold"), read.Milliseconds("expire_interval"), read.Int("top_k_num"), type);
    }
}
