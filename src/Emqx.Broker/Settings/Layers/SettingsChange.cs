using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>A new value of a root.</summary>
/// <param name="Requested">As it was asked for: this is stored.</param>
/// <param name="Checked">With its defaults: this is put in force.</param>
internal sealed record SettingsChange(string Root, ConfigValue Requested, ConfigValue Checked);
