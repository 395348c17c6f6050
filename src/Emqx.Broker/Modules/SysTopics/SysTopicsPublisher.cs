using System.Globalization;
using System.Text;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>
/// Publishes the regular topics below <c>$SYS/brokers</c>: version and description (retained), statistics and counters
/// every sys_msg_interval, uptime and date every sys_heartbeat_interval.
/// </summary>
internal sealed class SysTopicsPublisher : INodeModule, IDisposable
{
    /// <summary>The sender of the messages, as EMQX has it.</summary>
    public const string From = "emqx_sys";

    private readonly IMessagePublisher _publisher;
    private readonly SettingsRoot<SysTopicsSettings> _settings;
    private readonly Stats _stats;
    private readonly Counters _counters;
    private readonly INodeDirectory _nodes;
    private readonly string[] _statTopics, _metricTopics;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly long _startedAt; // steady milliseconds, as the next ones
    private long _nextMessages, _nextHeartbeat;

    public SysTopicsPublisher(IMessagePublisher publisher, SettingsRoot<SysTopicsSettings> settings, Stats stats, Counters counters,
        NodeIdentity identity, INodeDirectory nodes, TimeProvider time)
    {
        (_publisher, _settings, _stats, _counters, _nodes) = (publisher, settings, stats, counters, nodes);
        _time = time;
        _prefix = $"$SYS/brokers/{identity.Name}/";
        _statTopics = [.. Stat.All.Select(static stat => stat.Name).Append("durable_subscriptions").Select(name => $"{_prefix}stats/{name.Replace('.', '/')}/")];
        _metricTopics = [.. Metric.Names.Select(name => $"{_prefix}metrics/{name.Replace('.', '/')}")];
        var now = _startedAt = time.SteadyMilliseconds();
        _nextMessages = Next(now, settings.Current.SysMsgInterval);
        _nextHeartbeat = Next(now, settings.Current.SysHeartbeatInterval);
        settings.Changed += WakeUp;
    }

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var steady = _time.SteadyMilliseconds();
        if (steady >= Volatile.Read(ref _nextHeartbeat))
        {
            Volatile.Write(ref _nextHeartbeat, Next(steady, _settings.Current.SysHeartbeatInterval));
            PublishHeartbeat(now, steady - _startedAt);
        }

        if (steady >= Volatile.Read(ref _nextMessages))
        {
            Volatile.Write(ref _nextMessages, Next(steady, _settings.Current.SysMsgInterval));
            await PublishBrokersAsync(now, cancellation).ConfigureAwait(false);
            PublishNumbers(now);
        }
    }

    public void Dispose() => _settings.Changed -= WakeUp;

    private static long Next(long now, long interval) => interval > 0 ? now + interval : long.MaxValue;

    /// <summary>A change counts from the next tick; what was disabled has none, so it begins anew.</summary>
    private void WakeUp(SysTopicsSettings before, SysTopicsSettings after)
    {
        if (before.SysMsgInterval <= 0 && after.SysMsgInterval > 0)
            Volatile.Write(ref _nextMessages, 0);
        if (before.SysHeartbeatInterval <= 0 && after.SysHeartbeatInterval > 0)
            Volatile.Write(ref _nextHeartbeat, 0);
    }

    private void PublishHeartbeat(long now, long uptime)
    {
        Publish(_prefix + "uptime", uptime.ToString(CultureInfo.InvariantCulture), now, retain: false);
        var date = DateTimeOffset.FromUnixTimeMilliseconds(now).ToString("yyyy-MM-ddTHH:mm:ss.fffffff00zzz", CultureInfo.InvariantCulture);
        Publish(_prefix + "datetime", date, now, retain: false);
    }

    private async ValueTask PublishBrokersAsync(long now, CancellationToken cancellation)
    {
        var nodes = await _nodes.ListAsync(cancellation).ConfigureAwait(false);
        var running = string.Join(',', nodes.Where(node => node.Running is not null).Select(node => node.Name));
        Publish("$SYS/brokers", running, now, retain: true);
        Publish(_prefix + "version", NodeIdentity.Version, now, retain: true);
        Publish(_prefix + "sysdescr", "EMQX", now, retain: true);
    }

    private void PublishNumbers(long now)
    {
        var stats = _stats.Read();
        for (var i = 0; i < _statTopics.Length; i++)
        {
            // The last one, durable subscriptions, is not among the node's statistics: it has none.
            Publish(_statTopics[i] + "count", i < stats.Counts.Length ? stats.Counts[i] : 0, now);
            Publish(_statTopics[i] + "max", i < stats.Maxima.Length ? stats.Maxima[i] : 0, now);
        }

        var metrics = MetricsSnapshot.Of(_counters);
        for (var i = 0; i < _metricTopics.Length; i++)
            Publish(_metricTopics[i], metrics.Values[i], now);
    }

    private void Publish(string topic, long value, long now) =>
        Publish(topic, value.ToString(CultureInfo.InvariantCulture), now, retain: false);

    private void Publish(string topic, string payload, long now, bool retain) =>
        _publisher.Publish(Message.Create(topic, Encoding.UTF8.GetBytes(payload), From, now, retain: retain, isSystem: true));
}
