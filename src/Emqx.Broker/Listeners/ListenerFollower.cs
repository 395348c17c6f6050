using System.Threading.Channels;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Listeners;

/// <summary>Has the sockets follow the configuration where it is changed as a whole, not by orders about one listener.</summary>
internal sealed partial class ListenerFollower : BackgroundService
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ListenerControl _control;
    private readonly ILogger<ListenerFollower> _logger;

    public ListenerFollower(RunningConfiguration running, ListenerControl control, ILogger<ListenerFollower> logger)
    {
        (_control, _logger) = (control, logger);
        running.Follow(["listeners"], () => _changes.Writer.TryWrite(true));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                foreach (var refusal in await _control.FollowAsync(stoppingToken).ConfigureAwait(false))
                    NotApplied(_logger, refusal);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A listener cannot be brought to its new configuration: {Reason}")]
    private static partial void NotApplied(ILogger logger, string reason);
}
