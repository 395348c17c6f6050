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
        Field("enable", Flag, false),
        Field("window_time", Duration, "1m"),
        Field("max_count", NotNegative, 15),
        Field("ban_time", Duration, "5m"));

    public static readonly StructKind ForceShutdown = Struct(
        Field("enable", Flag, true),
        Field("max_mailbox_size", AtLeast(0), 1000) with { Alias = "max_message_queue_len" },
        Field("max_heap_size", s_heapSize, "32MB"));

    public static readonly StructKind ForceGc = Struct(
        Field("enable", Flag, true),
        Field("count", AtLeast(0), 16000),
        Field("bytes", Bytes, "16MB"));

    public static readonly StructKind DurableSessions = Struct(
        Field("enable", Flag, false),
        Field("batch_size", Positive, 100),
        Field("idle_poll_interval", TimeoutDuration, "10s"),
        Field("heartbeat_interval", TimeoutDuration, "5000ms"),
        Hidden("renew_streams_interval", TimeoutDuration),
        Field("session_gc_interval", TimeoutDuration, "10m"),
        Field("session_gc_batch_size", Positive, 100),
        Hidden("subscription_count_refresh_interval", TimeoutDuration),
        Hidden("disconnected_session_count_refresh_interval", TimeoutDuration),
        Field("message_retention_period", TimeoutDuration, "1d"),
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
