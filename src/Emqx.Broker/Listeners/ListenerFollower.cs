using System.Threading.Channels;
using Emqx.Broker.Hooks;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Listeners;

/// <summary>Has the sockets follow the configuration where it is changed as a whole, not by orders about one listener.</summary>
internal sealed partial class ListenerFollower : INodeModule
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ListenerControl _control;
    private readonly ILogger<ListenerFollower> _logger;

    public ListenerFollower(RunningConfiguration running, ListenerControl control, ILogger<ListenerFollower> logger)
    {
        (_control, _logger) = (control, logger);
        running.Follow(["listeners"], () => _changes.Writer.TryWrite(true));
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                foreach (var refusal in await _control.FollowAsync(cancellation).ConfigureAwait(false))
                    NotApplied(_logger, refusal);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A listener cannot be brought to its new configuration: {Reason}")]
    private static partial void NotApplied(ILogger logger, string reason);
}
