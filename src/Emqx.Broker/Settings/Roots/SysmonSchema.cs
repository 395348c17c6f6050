using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>sysmon</c>.</summary>
internal static class SysmonSchema
{
    private static readonly StructKind s_os = Struct(
        Field("cpu_check_interval", Duration, "60s"),
        Field("cpu_high_watermark", Percent, "80%"),
        Field("cpu_low_watermark", Percent, "60%"),
        Field("mem_check_interval", OrDisabled(Duration), "60s"),
        Field("sysmem_high_watermark", Percent, "70%"),
        Field("procmem_high_watermark", Percent, "5%"));

    private static readonly StructKind s_vm = Struct(
        Field("process_check_interval", Duration, "30s"),
        Field("process_high_watermark", Percent, "80%"),
        Field("process_low_watermark", Percent, "60%"),
        Field("long_gc", OrDisabled(Duration), "disabled"),
        Field("long_schedule", OrDisabled(Duration), "240ms"),
        Field("large_heap", OrDisabled(Bytes), "32MB"),
        Field("busy_dist_port", Flag, true),
        Field("busy_port", Flag, true));

    public static readonly StructKind Kind = Struct(
        Part("vm", s_vm),
        Part("os", s_os),
        Hidden("top", Open),
        Field("mnesia_tm_mailbox_size_alarm_threshold", Positive, 500),
        Field("broker_pool_mailbox_size_alarm_threshold", Positive, 500));

    public static SysmonSettings Read(ConfigObject values)
    {
        var os = new SettingsReader(values).Part("os");
        return new(os.Milliseconds("cpu_check_interval"), os.Fraction("cpu_high_watermark"), os.Fraction("cpu_low_watermark"),
            os.Milliseconds("mem_check_interval"), os.Fraction("sysmem_high_watermark"));
    }
}
