using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>telemetry</c>.</summary>
internal static class TelemetryRoot
{
    private static readonly StructKind s_table = Struct("telemetry",
        Field("enable", Flag, false).Says("Whether the telemetry data can be read. It is sent to nobody."));

    public static readonly Root<TelemetrySettings> Root = new("telemetry", s_table, static values => new(new SettingsReader(values).Flag("enable")));
}
