using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Ends the connection and the session of a client whose id is banned.</summary>
internal sealed class BanKick(BanList bans, IClientControl clients, ILogger<BanKick> logger) : INodeModule
{
    /// <summary>One that was banned between its CONNECT and its session was not found by the ban.</summary>
    public void Attach(BrokerHooks hooks) => hooks.ClientConnected.Add(told =>
    {
        if (bans.IsNamed(told.Client.ClientId))
            bans.ToKick.Add(told.Client.ClientId);
    });

    public Task RunAsync(CancellationToken cancellation) => bans.ToKick.RunAsync(KickAsync, logger, cancellation);

    private async ValueTask KickAsync(string clientId, CancellationToken cancellation) =>
        await clients.KickAsync(clientId, cancellation).ConfigureAwait(false);
}
