using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>A root that is read and written as JSON: which one, the operation says. Its fields are those of the root's table.</summary>
internal sealed class RootDocument;

/// <summary>Several roots in one object.</summary>
internal interface IRootsDocument
{
    static abstract IEnumerable<Root> RootsOf(SettingsCatalogue catalogue);
}

/// <summary>The roots of the global zone, the settings that all zones inherit.</summary>
internal sealed class GlobalZoneDocument : IRootsDocument
{
    public static IEnumerable<Root> RootsOf(SettingsCatalogue catalogue) => catalogue.Zone;
}

/// <summary>The six roots that have an address of their own, in one object.</summary>
internal sealed class ConfigsDocument : IRootsDocument
{
    public static IEnumerable<Root> RootsOf(SettingsCatalogue catalogue) => catalogue.Addressed;
}
