namespace Emqx.Broker.Settings.Layers;

/// <summary>What a change of the configuration comes to.</summary>
/// <param name="Changes">New values of roots; none where the change is refused or there is nothing to do.</param>
/// <param name="Answer">What is told to whoever asked, after the values are in force.</param>
internal readonly record struct SettingsProposal<T>(IReadOnlyList<SettingsChange> Changes, T Answer)
{
    /// <summary>Everything stays as it is.</summary>
    public SettingsProposal(T answer) : this([], answer)
    {
    }
}
