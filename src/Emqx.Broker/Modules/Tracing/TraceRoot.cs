using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>The root <c>trace</c>, whose one field has been out of use since EMQX 5.0.22.</summary>
internal static class TraceRoot
{
    public static readonly Root Root = new("trace", Struct("trace",
        Hidden("payload_encode", Enum("hex", "text", "hidden")).Says("How payloads are written.") with { Deprecated = true }))
    {
        WithoutEffect = "out of use in EMQX, too: each trace names its own payload_encode",
    };
}
