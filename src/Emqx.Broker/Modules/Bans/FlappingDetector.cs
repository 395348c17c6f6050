using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Bans;

/// <summary>
/// Bans clients that leave too often: max_count times within window_time, for bantime. Remembers a bounded number of
/// clients, each for one window.
/// </summary>
internal sealed class FlappingDetector(SettingsRoot<ZoneSettings> settings, IBanControl bans, TimeProvider time, ILogger<FlappingDetector> logger) : INodeModule
{
    /// <summary>Clients that are watched at once; further ones are not until a window has ended.</summary>
    private const int MaxWatched = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly WorkQueue<Detected> _detected = new(1024);
    private long _nextPurge; // steady milliseconds, as what is watched

    private struct Watched
    {
        public long Since;
        public long Window; // of the client's zone
        public int Count;
    }

    private readonly record struct Detected(string ClientId, long BanTime);

    /// <summary>Clients under watch at this moment.</summary>
    public int Watching
    {
        get
        {
            lock (_gate)
                return _watched.Count;
        }
    }

    public void Attach(BrokerHooks hooks) => hooks.ClientDisconnected.Add(left => Count(left.Client));

    /// <summary>Makes the bans that are due.</summary>
    public Task RunAsync(CancellationToken cancellation) => _detected.RunAsync(BanAsync, logger, cancellation);

    /// <summary>Forgets the windows that have ended.</summary>
    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var steady = time.SteadyMilliseconds();
        if (steady < _nextPurge)
            return ValueTask.CompletedTask;
        _nextPurge = steady + settings.Current.FlappingDetect.WindowTime;
        lock (_gate)
            foreach (var (clientId, watched) in _watched)
                if (steady - watched.Since >= watched.Window)
                    _watched.Remove(clientId);
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        lock (_gate)
            _watched.Clear();
        return ValueTask.CompletedTask;
    }

    private void Count(ClientInfo client)
    {
        var (clientId, flapping) = (client.ClientId, settings.Current.Of(client.Zone).FlappingDetect);
        if (!flapping.Enable)
            return;
        var now = time.SteadyMilliseconds();
        lock (_gate)
        {
            if (!_watched.TryGetValue(clientId, out var watched) || now - watched.Since >= flapping.WindowTime)
            {
                if (_watched.Count >= MaxWatched && !_watched.ContainsKey(clientId))
                    return;
                watched = new Watched { Since = now, Window = flapping.WindowTime };
            }

            watched.Count++;
            if (watched.Count < flapping.MaxCount)
            {
                _watched[clientId] = watched;
                return;
            }

            _watched.Remove(clientId);
        }

        _detected.Add(new Detected(clientId, flapping.BanTime));
    }

    private async ValueTask BanAsync(Detected detected, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var target = new BanTarget(BanAs.Clientid, detected.ClientId, Pattern: null, Network: null);
        var until = now + detected.BanTime / 1000;
        await bans.CreateAsync(new Ban(target, "flapping detector", "flapping is detected", now, until), cancellation).ConfigureAwait(false);
    }
}
