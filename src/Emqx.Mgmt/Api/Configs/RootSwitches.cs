using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>Makes changes of the configuration whose roots have something to switch over first.</summary>
internal sealed class RootSwitches(ISettingsControl control, RunningConfiguration running, IEnumerable<IRootSwitch> switches)
{
    /// <summary>Like <see cref="ISettingsControl.ChangeAsync"/>; <paramref name="refused"/> makes the answer where something cannot be switched over.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<PresentSettings, SettingsProposal<T>> change, Func<Violation, T> refused, CancellationToken cancellation)
    {
        try
        {
            return await control.ChangeAsync<T>(async present =>
            {
                var proposal = change(present);
                return await RefusalOf(proposal.Changes) is { } violation ? new(refused(violation)) : proposal;
            }, cancellation);
        }
        catch
        {
            // It could not be stored: what has been switched over goes back.
            foreach (var one in switches)
                await one.TrySwitchAsync(running[one.Root]);
            throw;
        }
    }

    private async ValueTask<Violation?> RefusalOf(IReadOnlyList<SettingsChange> changes)
    {
        foreach (var change in changes)
        {
            foreach (var one in switches)
            {
                if (one.Root == change.Root && change.Checked is ConfigObject values && await one.TrySwitchAsync(values) is { } violation)
                    return violation;
            }
        }

        return null;
    }
}
