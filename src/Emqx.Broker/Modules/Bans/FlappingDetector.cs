using System.Threading.Channels;
using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Hosting;

namespace Emqx.Broker.Modules.Bans;

/// <summary>
/// Bans clients that leave too often: max_count times within window_time, for ban_time. Remembers a bounded number of
/// clients, each for one window.
/// </summary>
internal sealed class FlappingDetector : BackgroundService, IBeat
{
    /// <summary>Clients that are watched at once; further ones are not until a window has ended.</summary>
    private const int MaxWatched = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly Channel<string> _detected = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SettingsRoot<ZoneSettings> _settings;
    private readonly IBanControl _bans;
    private readonly TimeProvider _time;
    private readonly IDisposable _listener;
    private long _nextPurge;

    public FlappingDetector(BrokerHooks hooks, SettingsRoot<ZoneSettings> settings, IBanControl bans, TimeProvider time)
    {
        (_settings, _bans, _time) = (settings, bans, time);
        _listener = hooks.ClientDisconnected.Add(left => Count(left.Client.ClientId));
    }

    private struct Watched
    {
        public long Since;
        public int Count;
    }

    /// <summary>Clients under watch at this moment.</summary>
    public int Watching
    {
        get
        {
            lock (_gate)
                return _watched.Count;
        }
    }

    /// <summary>Forgets the windows that have ended.</summary>
    public ValueTask BeatAsync(long now, CancellationToken cancellation)
    {
        if (now < _nextPurge)
            return ValueTask.CompletedTask;
        var window = _settings.Current.FlappingDetect.WindowTime;
        _nextPurge = now + window;
        lock (_gate)
            foreach (var (clientId, watched) in _watched)
                if (now - watched.Since >= window)
                    _watched.Remove(clientId);
        return ValueTask.CompletedTask;
    }

    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }

    /// <summary>Makes the bans that are due.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var clientId in _detected.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await BanAsync(clientId, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Count(string clientId)
    {
        var settings = _settings.Current.FlappingDetect;
        if (!settings.Enable)
            return;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (!_watched.TryGetValue(clientId, out var watched) || now - watched.Since >= settings.WindowTime)
            {
                if (_watched.Count >= MaxWatched && !_watched.ContainsKey(clientId))
                    return;
                watched = new Watched { Since = now };
            }

            watched.Count++;
            if (watched.Count < settings.MaxCount)
            {
                _watched[clientId] = watched;
                return;
            }

            _watched.Remove(clientId);
        }

        _detected.Writer.TryWrite(clientId);
    }

    private async ValueTask BanAsync(string clientId, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var target = new BanTarget(BanKind.ClientId, clientId, Pattern: null, Network: null);
        var until = now + _settings.Current.FlappingDetect.BanTime / 1000;
        await _bans.CreateAsync(new Ban(target, "flapping detector", "flapping is detected", now, until), cancellation).ConfigureAwait(false);
    }
}
