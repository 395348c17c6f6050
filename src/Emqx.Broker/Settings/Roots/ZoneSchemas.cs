using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The roots of a zone beside <c>mqtt</c>.</summary>
internal static class ZoneSchemas
{
    private const long LargestHeap = 128L << 30;

    private static readonly ValueKind s_heapSize = new WordSizeKind(bytes => bytes <= LargestHeap ? null
        : new ConfigObject(new() { ["maximum"] = LargestHeap, ["cause"] = "max_heap_size_too_large" }));

    private static readonly StructKind s_flapping = new([
        Field("enable", Flag, false).Says("Whether clients that come and go too often are banned."),
        Field("window_time", Duration, "1m").Says("The time over which a client's connections are counted."),
        Field("max_count", NotNegative, 15).Says("Connections in that time that lead to a ban."),
        Field("ban_time", Duration, "5m").Says("How long such a client is banned."),
    ]) { Id = "emqx.flapping_detect", Convert = SwitchedOff };

    private static readonly StructKind s_shutdown = Struct("emqx.force_shutdown",
        Field("enable", Flag, true).Says("Whether clients that take up too much are dropped."),
        Field("max_mailbox_size", AtLeast(0), 1000)
            .Says("Most messages that may be on their way to one client.") with { Aliases = ["max_message_queue_len"] },
        Field("max_heap_size", s_heapSize, "32MB").Says("Most memory of one client."));

    private static readonly StructKind s_congestion = Struct("emqx.conn_congestion",
        Field("enable_alarm", Flag, true).Says("Whether a client that takes nothing raises an alarm."),
        Field("min_alarm_sustain_duration", Duration, "1m").Says("How long a client must have taken what it was sent for its alarm to end."));

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

    public static readonly Root<ConnCongestionSettings> ConnCongestionRoot = new("conn_congestion", s_congestion, ReadCongestion);

    public static readonly Root ForceGcRoot = new("force_gc", s_gc);

    public static readonly Root DurableSessionsRoot = new("durable_sessions", s_durable);

    /// <summary>A zone: fields of those roots that take the place of the global ones, for clients of listeners that name it.</summary>
    private static readonly StructKind s_zone = Struct(
        Own("mqtt", MqttSchema.Root.Kind),
        Hidden("stats", Open),
        Own("flapping_detect", s_flapping),
        Own("force_shutdown", s_shutdown),
        Own("conn_congestion", s_congestion),
        Own("force_gc", s_gc),
        Hidden("overload_protection", Open),
        Own("durable_sessions", s_durable));

    public static readonly Root ZonesRoot = new("zones", new MapKind(s_zone, ZoneNameProblem))
    {
        ReadBy = new Dictionary<string, Type> { [""] = typeof(ZoneSchemas) },
    };

    /// <summary>What the broker reads of these roots and <c>mqtt</c>, globally and of each zone.</summary>
    public static ZoneSettings Read(RunningConfiguration running)
    {
        var zones = running["zones"];
        return Read(running, ConfigObject.Empty) with
        {
            Zones = zones.Count == 0 ? null : zones.ToDictionary(zone => zone.Key, zone => Read(running, (ConfigObject)zone.Value), StringComparer.Ordinal),
        };
    }

    private static ZoneSettings Read(RunningConfiguration running, ConfigObject zone) => new()
    {
        Mqtt = Read(MqttSchema.Root, running, zone),
        FlappingDetect = Read(FlappingDetectRoot, running, zone),
        ForceShutdown = Read(ForceShutdownRoot, running, zone),
        ConnCongestion = Read(ConnCongestionRoot, running, zone),
    };

    /// <summary>The record of a root, with a zone's fields in place of the global ones.</summary>
    private static T Read<T>(Root<T> root, RunningConfiguration running, ConfigObject zone) where T : class =>
        zone[root.Name] is ConfigObject own ? root.Read(running[root.Name].MergedWith(own)) : root.Read(running);

    private static StructField Own(string name, ValueKind root) => new(name, ((StructKind)root).WithoutDefaults(), null);

    private static ConfigText? ZoneNameProblem(string name) => Names.IsRestricted(name) ? null : new("invalid_map_key");

    /// <summary>A window of "disable" was the way to switch it off.</summary>
    private static ConfigObject SwitchedOff(ConfigObject given) =>
        given["window_time"] is ConfigText { Text: "disable" } ? given.Without("window_time").With("enable", false) : given;

    private static FlappingDetectSettings ReadFlapping(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable"), read.Int("max_count"), read.Milliseconds("window_time"), read.Milliseconds("ban_time"));
    }

    private static ConnCongestionSettings ReadCongestion(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable_alarm"), read.Milliseconds("min_alarm_sustain_duration"));
    }

    private static ForceShutdownSettings ReadShutdown(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable"), read.Int("max_mailbox_size"), read.Bytes("max_heap_size"));
    }
}
