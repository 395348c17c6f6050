using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Bans;

/// <summary>
/// Bans clients that come too often: max_count times within window_time, for ban_time. Every CONNECT counts that no ban refuses, whatever
/// becomes of it, as in EMQX. Remembers a bounded number of clients, each for one window.
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

    private readonly record struct Detected(ClientInfo Client, int Count, FlappingDetectSettings Settings);

    /// <summary>Clients under watch at this moment.</summary>
    public int Watching
    {
        get
        {
            lock (_gate)
                return _watched.Count;
        }
    }

    public void Attach(BrokerHooks hooks) => hooks.ClientConnect.Add(Count, HookPriority.Flapping);

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

    private HookResult Count(ConnectAttempt attempt)
    {
        var flapping = settings.Current.Of(attempt.Client.Zone).FlappingDetect;
        if (flapping.Enable && attempt.ReasonCode == 0)
            Note(attempt.Client, flapping);
        return HookResult.Continue;
    }

    private void Note(ClientInfo client, FlappingDetectSettings flapping)
    {
        var (clientId, now) = (client.ClientId, time.SteadyMilliseconds());
        int count;
        lock (_gate)
        {
            if (!_watched.TryGetValue(clientId, out var watched) || now - watched.Since >= flapping.WindowTime)
            {
                if (_watched.Count >= MaxWatched && !_watched.ContainsKey(clientId))
                    return;
                watched = new Watched { Since = now, Window = flapping.WindowTime };
            }

            count = ++watched.Count;
            if (count < flapping.MaxCount)
            {
                _watched[clientId] = watched;
                return;
            }

            _watched.Remove(clientId);
        }

        _detected.Add(new Detected(client, count, flapping));
    }

    private async ValueTask BanAsync(Detected detected, CancellationToken cancellation)
    {
        var (client, count, flapping) = detected;
        BansLog.FlappingDetected(logger, client.ClientId, client.PeerAddress, count, flapping.WindowTime);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var target = new BanTarget(BanAs.Clientid, client.ClientId, Pattern: null, Network: null);
        var until = now + flapping.BanTime / 1000;
        await bans.CreateAsync(new Ban(target, "flapping detector", "flapping is detected", now, until), cancellation).ConfigureAwait(false);
    }
}
