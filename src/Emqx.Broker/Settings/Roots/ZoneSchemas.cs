using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The roots of a zone beside <c>mqtt</c>.</summary>
internal static class ZoneSchemas
{
    private const long LargestHeap = 128L << 30;

    private static readonly ValueKind s_heapSize = new ByteSizeKind(bytes => bytes <= LargestHeap ? null
        : new ConfigObject(new() { ["maximum"] = LargestHeap, ["cause"] = "max_heap_size_too_large" }));

    private static readonly StructKind s_flapping = new([
        Field("enable", Flag, false).Says("Whether clients that come and go too often are banned."),
        Field("window_time", Duration, "1m").Says("The time over which a client's disconnections are counted."),
        Field("max_count", NotNegative, 15).Says("Disconnections in that time that lead to a ban."),
        Field("ban_time", Duration, "5m").Says("How long such a client is banned."),
    ]) { Id = "emqx.flapping_detect", Convert = SwitchedOff };

    private static readonly StructKind s_shutdown = Struct("emqx.force_shutdown",
        Field("enable", Flag, true).Says("Whether clients that take up too much are dropped."),
        Field("max_mailbox_size", AtLeast(0), 1000)
            .Says("Most messages that may be on their way to one client.") with { Aliases = ["max_message_queue_len"] },
        Field("max_heap_size", s_heapSize, "32MB").Says("Most memory of one client."));

    private static readonly StructKind s_gc = Struct("emqx.force_gc",
        Field("enable", Flag, true).Says("Kept for EMQX's sake: memory is collected without it."),
        Field("count", AtLeast(0), 16000).Says("Messages after which memory would be collected."),
        Field("bytes", Bytes, "16MB").Says("Bytes after which memory would be collected."));

    private static readonly StructKind s_durable = Struct("emqx.durable_sessions",
        Field("enable", Flag, false).Says("Whether sessions live on disc."),
        Field("batch_size", Positive, 100).Says("Messages that are read from disc at a time."),
        Field("idle_poll_interval", TimeoutDuration, "10s").Says("How often an idle session looks for messages."),
        Field("heartbeat_interval", TimeoutDuration, "5000ms").Says("How often a session notes that it lives."),
        Hidden("renew_streams_interval", TimeoutDuration),
        Field("session_gc_interval", TimeoutDuration, "10m").Says("How often expired sessions are cleared away."),
        Field("session_gc_batch_size", Positive, 100).Says("Sessions that are looked at in one go."),
        Hidden("subscription_count_refresh_interval", TimeoutDuration),
        Hidden("disconnected_session_count_refresh_interval", TimeoutDuration),
        Field("message_retention_period", TimeoutDuration, "1d").Says("How long messages are kept for sessions."),
        Hidden("force_persistence", Flag));

    public static readonly Root<FlappingDetectSettings> FlappingDetectRoot = new("flapping_detect", s_flapping, ReadFlapping);

    public static readonly Root<ForceShutdownSettings> ForceShutdownRoot = new("force_shutdown", s_shutdown, ReadShutdown);

    public static readonly Root ForceGcRoot = new("force_gc", s_gc);

    public static readonly Root DurableSessionsRoot = new("durable_sessions", s_durable);

    /// <summary>What the broker reads of these roots and <c>mqtt</c>.</summary>
    public static ZoneSettings Read(RunningConfiguration running) => new()
    {
        Mqtt = MqttSchema.Root.Read(running),
        FlappingDetect = FlappingDetectRoot.Read(running),
        ForceShutdown = ForceShutdownRoot.Read(running),
    };

    /// <summary>A window of "disable" was the way to switch it off.</summary>
    private static ConfigObject SwitchedOff(ConfigObject given) =>
        given["window_time"] is ConfigText { Text: "disable" } ? given.Without("window_time").With("enable", false) : given;

    private static FlappingDetectSettings ReadFlapping(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable"), read.Int("max_count"), read.Milliseconds("window_time"), read.Milliseconds("ban_time"));
    }

    private static ForceShutdownSettings ReadShutdown(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable"), read.Int("max_mailbox_size"), read.Bytes("max_heap_size"));
    }
}
