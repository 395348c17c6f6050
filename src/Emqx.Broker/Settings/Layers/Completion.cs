namespace Emqx.Broker.Settings.Layers;

/// <summary>What becomes of the fields that a request leaves out.</summary>
internal enum Completion
{
    /// <summary>They get their defaults.</summary>
    Defaults,

    /// <summary>Sections stay as they are; fields inside a section that is given get their defaults.</summary>
    Sections,

    /// <summary>They stay as they are.</summary>
    Present,
}
