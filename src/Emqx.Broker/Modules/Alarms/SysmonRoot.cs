using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>The root <c>sysmon</c>.</summary>
internal static class SysmonRoot
{
    private static readonly StructKind s_os = Struct("emqx.sysmon_os",
        Field("cpu_check_interval", Duration, "60s").Says("How often the processors' load is measured."),
        Field("cpu_high_watermark", Percent, "80%").Says("Load that raises the alarm."),
        Field("cpu_low_watermark", Percent, "60%").Says("Load below which the alarm ends."),
        Field("mem_check_interval", OrDisabled(Duration), "60s").Says("How often memory is measured."),
        Field("sysmem_high_watermark", Percent, "70%").Says("Use of the machine's memory that raises an alarm."),
        Field("procmem_high_watermark", Percent, "5%").Says("Share of memory of one task that raises an alarm."));

    private static readonly StructKind s_vm = Struct("emqx.sysmon_vm",
        Field("process_check_interval", Duration, "30s").Says("How often tasks are counted."),
        Field("process_high_watermark", Percent, "80%").Says("Share of the tasks' limit that raises the alarm."),
        Field("process_low_watermark", Percent, "60%").Says("Share below which the alarm ends."),
        Field("long_gc", OrDisabled(Duration), "disabled").Says("Collections of memory that take longer are logged."),
        Field("long_schedule", OrDisabled(Duration), "240ms").Says("Tasks that hold a processor longer are logged."),
        Field("large_heap", OrDisabled(Bytes), "32MB").Says("Tasks that use more memory are logged."),
        Field("busy_dist_port", Flag, true).Says("Logs waits for other nodes."),
        Field("busy_port", Flag, true).Says("Logs waits for sockets."));

    private static readonly StructKind s_table = Struct("emqx.sysmon",
        Part("vm", s_vm).Says("Watches the process."),
        Part("os", s_os).Says("Watches the machine."),
        Hidden("top", Open),
        Field("mnesia_tm_mailbox_size_alarm_threshold", Positive, 500).Says("Waiting transactions that raise an alarm."),
        Field("broker_pool_mailbox_size_alarm_threshold", Positive, 500).Says("Waiting tasks of the broker that raise an alarm."));

    public static readonly Root<SysmonSettings> Root = new("sysmon", s_table, Read)
    {
        Completion = Completion.Sections,
        Address = new("the limits at which the node raises alarms about itself"),
    };

    private static SysmonSettings Read(ConfigObject values)
    {
        var os = new SettingsReader(values).Part("os");
        return new(os.Milliseconds("cpu_check_interval"), os.Fraction("cpu_high_watermark"), os.Fraction("cpu_low_watermark"),
            os.Milliseconds("mem_check_interval"), os.Fraction("sysmem_high_watermark"));
    }
}
