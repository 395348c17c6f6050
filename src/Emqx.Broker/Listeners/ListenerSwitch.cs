using System.Security.Cryptography;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Listeners;

/// <summary>Brings the socket of a listener to what its settings say.</summary>
internal sealed class ListenerSwitch(IMqttListeners sockets)
{
    /// <summary>Opens, closes, moves or changes it. Not null: why that cannot be; then it is as before.</summary>
    public async Task<string?> SwitchAsync(ListenerId id, ListenerSettings settings)
    {
        var before = sockets.Find(settings.Id);
        try
        {
            if (!settings.Enable)
                await sockets.StopAsync(settings.Id, CancellationToken.None).ConfigureAwait(false);
            else if (before is null)
                await sockets.StartAsync(settings, CancellationToken.None).ConfigureAwait(false);
            else if (before.Settings.Bind.Equals(settings.Bind))
                await sockets.UpdateAsync(settings, CancellationToken.None).ConfigureAwait(false);
            else
                await MoveAsync(before.Settings, settings).ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (error is IOException or CryptographicException)
        {
            return ListenerProblems.FailedToStart(id.ToString(), settings, error.Message);
        }
    }

    /// <summary>Opens it at the node's start. Fails with one line that names it.</summary>
    public async Task StartAsync(ListenerSettings settings, CancellationToken cancellation)
    {
        try
        {
            await sockets.StartAsync(settings, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or CryptographicException)
        {
            throw new IOException(ListenerProblems.FailedToStart(settings.Id, settings, error.Message), error);
        }
    }

    private async Task MoveAsync(ListenerSettings before, ListenerSettings after)
    {
        await sockets.StopAsync(before.Id, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await sockets.StartAsync(after, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or CryptographicException)
        {
            await sockets.StartAsync(before, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
