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
                if (await RefusalOf(proposal.Changes) is not { } violation)
                    return proposal;
                await GoBackAsync();
                return new(refused(violation));
            }, cancellation);
        }
        catch
        {
            await GoBackAsync(); // it could not be stored
            throw;
        }
    }

    /// <summary>What has been switched over goes back to what is in force.</summary>
    private async ValueTask GoBackAsync()
    {
        foreach (var one in switches)
            await one.TrySwitchAsync(running[one.Root]);
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
