using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Refuses the CONNECT of whoever is banned, with 0x8A (return code 5 to MQTT 3).</summary>
internal sealed class BanGuard(BanList bans) : INodeModule
{
    public void Attach(BrokerHooks hooks) => hooks.ClientConnect.Add(Refuse, HookPriority.Bans);

    private HookResult Refuse(ConnectAttempt attempt)
    {
        if (attempt.ReasonCode != 0 || !bans.IsBanned(attempt.Client))
            return HookResult.Continue;

        attempt.ReasonCode = ReasonCode.Banned;
        return HookResult.Stop;
    }
}
