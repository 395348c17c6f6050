using System.Threading.Channels;
using Emqx.Broker.Clients;
using Emqx.Broker.Monitoring;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Ends the connection and the session of a client whose id is banned.</summary>
internal sealed class BanKick : BackgroundService
{
    private readonly Channel<string> _due = Channel.CreateBounded<string>(
        new BoundedChannelOptions(65_536) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly BanList _bans;
    private readonly IClientControl _clients;
    private readonly ILogger<BanKick> _logger;

    public BanKick(BanList bans, IClientControl clients, ILogger<BanKick> logger)
    {
        (_bans, _clients, _logger) = (bans, clients, logger);
        bans.Created += Note;
    }

    public override void Dispose()
    {
        _bans.Created -= Note;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var clientId in _due.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await KickAsync(clientId, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Note(Ban ban)
    {
        if (ban.Target.Kind == BanKind.ClientId)
            _due.Writer.TryWrite(ban.Target.Who);
    }

    private async Task KickAsync(string clientId, CancellationToken cancellation)
    {
        try
        {
            await _clients.KickAsync(clientId, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One kick that fails must not end all later ones; the ban is in force in any case.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            MonitoringLog.BeatFailed(_logger, nameof(BanKick), error);
        }
#pragma warning restore CA1031
    }
}
