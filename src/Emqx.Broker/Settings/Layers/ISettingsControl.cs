using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>Changes the configuration in force.</summary>
internal interface ISettingsControl
{
    /// <summary>
    /// Stores the roots as they were asked for, and then puts them in force, all at once. Roots that are equal to the
    /// present ones are left alone. A completed task means that the change is on disk.
    /// </summary>
    ValueTask ApplyAsync(IReadOnlyList<SettingsChange> changes, CancellationToken cancellation);
}

/// <summary>A new value of a root.</summary>
/// <param name="Requested">As it was asked for: this is stored.</param>
/// <param name="Checked">With its defaults: this is put in force.</param>
internal sealed record SettingsChange(string Root, ConfigValue Requested, ConfigValue Checked);
