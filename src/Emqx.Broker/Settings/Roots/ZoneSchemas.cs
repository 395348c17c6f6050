using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The roots of a zone beside <c>mqtt</c>.</summary>
internal static class ZoneSchemas
{
    private const long LargestHeap = 128L << 30;

    private static readonly SettingsKind s_heapSize = new ByteSizeKind(bytes => bytes <= LargestHeap ? null
        : new ConfigObject(new() { ["maximum"] = LargestHeap, ["cause"] = "max_heap_size_too_large" }));

    public static readonly StructKind FlappingDetect = Struct(
        Field("enable", Flag, false).Says("Whether clients that come and go too often are banned."),
        Field("window_time", Duration, "1m").Says("The time over which a client's disconnections are counted."),
        Field("max_count", NotNegative, 15).Says("Disconnections in that time that lead to a ban."),
        Field("ban_time", Duration, "5m").Says("How long such a client is banned."));

    public static readonly StructKind ForceShutdown = Struct(
        Field("enable", Flag, true).Says("Whether clients that take up too much are dropped."),
        Field("max_mailbox_size", AtLeast(0), 1000)
            .Says("Most messages that may be on their way to one client.") with { Alias = "max_message_queue_len" },
        Field("max_heap_size", s_heapSize, "32MB").Says("Most memory of one client."));

    public static readonly StructKind ForceGc = Struct(
        Field("enable", Flag, true).Says("Kept for EMQX's sake: memory is collected without it."),
        Field("count", AtLeast(0), 16000).Says("Messages after which memory would be collected."),
        Field("bytes", Bytes, "16MB").Says("Bytes after which memory would be collected."));

    public static readonly StructKind DurableSessions = Struct(
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

    /// <summary>What the broker reads of these roots and <c>mqtt</c>.</summary>
    public static ZoneSettings Read(Func<string, ConfigObject> root)
    {
        var flapping = new SettingsReader(root("flapping_detect"));
        var shutdown = new SettingsReader(root("force_shutdown"));
        return new ZoneSettings
        {
            Mqtt = MqttSchema.Read(root("mqtt")),
            FlappingDetect = new(flapping.Flag("enable"), flapping.Int("max_count"), flapping.Milliseconds("window_time"), flapping.Milliseconds("ban_time")),
            ForceShutdown = new(shutdown.Flag("enable"), shutdown.Int("max_mailbox_size"), shutdown.Bytes("max_heap_size")),
        };
    }
}
