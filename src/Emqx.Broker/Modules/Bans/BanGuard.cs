using Emqx.Broker.Hooks;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Refuses the CONNECT of whoever is banned, with 0x8A (return code 5 to MQTT 3).</summary>
internal sealed class BanGuard(BrokerHooks hooks, BanList bans) : IHookUser, IDisposable
{
    private const byte Banned = 0x8A;

    private readonly IDisposable _link = hooks.ClientConnect.Add(attempt =>
    {
        if (attempt.ReasonCode != 0 || !bans.IsBanned(attempt.Client))
            return HookResult.Continue;
        attempt.ReasonCode = Banned;
        return HookResult.Stop;
    }, priority: 1000);

    public void Dispose() => _link.Dispose();
}
