using System.Collections.Concurrent;
using System.Globalization;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>
/// Raises conn_congestion/CLIENTID/USERNAME for a connection whose peer has taken nothing for a second, and ends it once nothing was stuck for
/// <c>min_alarm_sustain_duration</c>, or the connection is over.
/// </summary>
internal sealed class CongestionAlarms(IAlarmControl alarms, SettingsRoot<ZoneSettings> zones, TimeProvider time) : INodeModule
{
    /// <summary>Connections that are watched at once; those beyond have no alarm.</summary>
    private const int MostWatched = 1000;

    private readonly ConcurrentDictionary<Session, Watched> _watched = new();
    private int _count;

    /// <summary>A session whose connection was stuck.</summary>
    private sealed class Watched
    {
        /// <summary>When it was last seen stuck, steady milliseconds.</summary>
        public long LastAt { get; set; }

        /// <summary>The alarm's name; null while there is none.</summary>
        public string? Alarm { get; set; }
    }

    public void Attach(BrokerHooks hooks) => hooks.ConnectionCongested.Add(Watch);

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var steady = time.SteadyMilliseconds();
        foreach (var (session, watched) in _watched)
            await LookAsync(session, watched, steady, cancellation).ConfigureAwait(false);
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        foreach (var session in _watched.Keys)
            Forget(session);
        return ValueTask.CompletedTask;
    }

    private void Watch(Session session)
    {
        if (Volatile.Read(ref _count) < MostWatched && _watched.TryAdd(session, new Watched()))
            Interlocked.Increment(ref _count);
    }

    private void Forget(Session session)
    {
        if (_watched.TryRemove(session, out _))
            Interlocked.Decrement(ref _count);
    }

    private async ValueTask LookAsync(Session session, Watched watched, long now, CancellationToken cancellation)
    {
        var settings = zones.Current.Of(session.Client.Zone).ConnCongestion;
        var link = session.Link;
        if (settings.EnableAlarm && link is not null && link.StuckSince is not 0 and var since)
        {
            watched.LastAt = now;
            if (watched.Alarm is null && now - since >= 1000)
                watched.Alarm = await RaiseAsync(session.Client, link, cancellation).ConfigureAwait(false);
        }
        else if (watched.Alarm is null)
        {
            Forget(session);
        }
        else if (!settings.EnableAlarm || link is null || now - watched.LastAt >= settings.MinAlarmSustainDuration)
        {
            Forget(session);
            await alarms.DeactivateAsync(watched.Alarm, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<string> RaiseAsync(ClientInfo client, ISessionLink link, CancellationToken cancellation)
    {
        var name = $"conn_congestion/{client.ClientId}/{client.Username ?? "undefined"}";
        var details = new ConfigObject(new()
        {
            ["clientid"] = client.ClientId,
            ["username"] = client.Username ?? "undefined",
            ["peername"] = string.Create(CultureInfo.InvariantCulture, $"{client.PeerAddress}:{client.PeerPort}"),
            ["proto_name"] = client.ProtocolName,
            ["proto_ver"] = (long)client.ProtocolVersion,
            ["connected_at"] = client.ConnectedAt,
            ["conn_state"] = "connected",
            ["send_pend"] = (long)link.WaitingBytes,
        }).ToString();
        await alarms.ActivateAsync(name, details, $"connection congested: {details}", cancellation).ConfigureAwait(false);
        return name;
    }
}
