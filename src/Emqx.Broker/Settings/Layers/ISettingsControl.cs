namespace Emqx.Broker.Settings.Layers;

/// <summary>Changes the configuration in force. Nothing else does.</summary>
internal interface ISettingsControl
{
    /// <summary>
    /// Makes one change after the other: each is asked what it comes to with the values that the one before has left. Its roots
    /// are stored as they were asked for and then put in force, all at once; roots that are equal to the present ones are left
    /// alone. A completed task means that the change is on disk.
    /// </summary>
    /// <returns>What the change has to say.</returns>
    ValueTask<T> ChangeAsync<T>(Func<PresentSettings, ValueTask<SettingsProposal<T>>> change, CancellationToken cancellation);
}
