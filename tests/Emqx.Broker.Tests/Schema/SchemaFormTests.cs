using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Schema;

/// <summary>The Dashboard's forms have the structure that EMQX gives them; the texts are ours.</summary>
public sealed class SchemaFormTests
{
    [Fact]
    public void The_form_of_sysmon_is_emqx_s()
    {
        var form = new SchemaForm();
        Assert.Equal("""{"$ref":"#/components/schemas/emqx.sysmon"}""", form.Of(SysmonRoot.Root.Kind).ToString());
        Same("""
            {"type":"object","properties":{"vm":{"$ref":"#/components/schemas/emqx.sysmon_vm"},"os":{"$ref":"#/components/schemas/emqx.sysmon_os"},
             "mnesia_tm_mailbox_size_alarm_threshold":{"type":"integer","minimum":1,"default":500},
             "broker_pool_mailbox_size_alarm_threshold":{"type":"integer","minimum":1,"default":500}}}
            """, form.Structs["emqx.sysmon"]!);
        Same("""
            {"type":"object","properties":{"process_check_interval":{"type":"duration","default":"30s"},"process_high_watermark":{"type":"percent","default":"80%"},
             "process_low_watermark":{"type":"percent","default":"60%"},
             "long_gc":{"oneOf":[{"type":"duration"},{"type":"enum","symbols":["disabled"]}],"default":"disabled"},
             "long_schedule":{"oneOf":[{"type":"duration"},{"type":"enum","symbols":["disabled"]}],"default":"240ms"},
             "large_heap":{"oneOf":[{"type":"byteSize"},{"type":"enum","symbols":["disabled"]}],"default":"32MB"},
             "busy_dist_port":{"type":"boolean","default":true},"busy_port":{"type":"boolean","default":true}}}
            """, form.Structs["emqx.sysmon_vm"]!);
        Same("""
            {"type":"object","properties":{"cpu_check_interval":{"type":"duration","default":"60s"},"cpu_high_watermark":{"type":"percent","default":"80%"},
             "cpu_low_watermark":{"type":"percent","default":"60%"},
             "mem_check_interval":{"oneOf":[{"type":"duration"},{"type":"enum","symbols":["disabled"]}],"default":"60s"},
             "sysmem_high_watermark":{"type":"percent","default":"70%"},"procmem_high_watermark":{"type":"percent","default":"5%"}}}
            """, form.Structs["emqx.sysmon_os"]!);
    }

    [Fact]
    public void Units_secrets_and_what_is_required_are_shown_hidden_fields_are_not()
    {
        var form = new SchemaForm().Of(Struct(
            Required("type", Enum("a", "b")),
            Field("wait", Positive, 5).Says("How long.") with { Unit = "seconds" },
            Optional("password", Text) with { Secret = true },
            Optional("old", Flag) with { Deprecated = true },
            Hidden("internal", Open)));
        Assert.Equal("""
            {"type":"object","properties":{"type":{"type":"enum","symbols":["a","b"]},"wait":{"type":"integer","minimum":1,"unit":"seconds","description":"How long.","default":5},"password":{"type":"string","format":"password"},"old":{"type":"boolean","deprecated":true}},"required":["type"]}
            """, form.ToString());
    }

    /// <summary>Compares without the texts.</summary>
    private static void Same(string expected, ConfigValue form) => Assert.Equal(ConfigJson.Parse(expected), WithoutTexts(form));

    private static ConfigValue WithoutTexts(ConfigValue form) => form switch
    {
        ConfigObject fields => new ConfigObject(new(fields.Without("description").Select(field => KeyValuePair.Create(field.Key, WithoutTexts(field.Value))))),
        ConfigArray items => new ConfigArray([.. items.Items.Select(WithoutTexts)]),
        _ => form,
    };
}
