using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>Something that has to follow a root before a change of it may be stored: what it cannot do is refused.</summary>
internal interface IRootSwitch
{
    string Root { get; }

    /// <summary>Goes over to these values. Not null: why that cannot be; then all is as before.</summary>
    ValueTask<Violation?> TrySwitchAsync(ConfigObject values);
}
