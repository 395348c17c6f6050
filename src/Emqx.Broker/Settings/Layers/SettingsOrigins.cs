using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The layers of the configuration, lowest first.</summary>
internal enum SettingsLayer
{
    /// <summary>Nobody has set it.</summary>
    Default,

    /// <summary><c>base.hocon</c>, or what the start of EMQX's container sets.</summary>
    Base,

    /// <summary>A request.</summary>
    Api,

    /// <summary><c>emqx.conf</c>.</summary>
    File,

    /// <summary>A variable.</summary>
    Environment,
}

/// <summary>Tells where the values in force come from.</summary>
internal sealed class SettingsOrigins(NodeConfiguration node, ISettingsStore store)
{
    private readonly ConfigurationSources _sources = node.Sources;
    private readonly RunningConfiguration _running = node.Running;

    /// <summary>The fields of a root, or of all roots, as an API may show them.</summary>
    public async ValueTask<IReadOnlyList<SettingOrigin>> OfAsync(string? root, CancellationToken cancellation)
    {
        var stored = _sources.Catalogue.Canonical(StoredLayer.Read(await store.LoadAsync(cancellation).ConfigureAwait(false), []));
        var found = new List<SettingOrigin>();
        foreach (var name in root is null ? _running.Catalogue.Roots.Select(static one => one.Name) : [root])
            Walk([name], _running.Shown(name), stored, found);
        return found;
    }

    private void Walk(string[] path, ConfigValue value, ConfigObject stored, List<SettingOrigin> found)
    {
        if (value is ConfigObject { Count: > 0 } fields)
        {
            foreach (var (name, inner) in fields)
                Walk([.. path, name], inner, stored, found);
            return;
        }

        var byApi = IsSet(stored, path);
        var above = _sources.Environment.Sets(path) ? SettingsLayer.Environment : IsSet(_sources.FileLayer, path) ? SettingsLayer.File : SettingsLayer.Default;
        var wins = byApi && above != SettingsLayer.Default && _running.HasChanged(path[0]); // the last word is a request's, until the next start
        var layer = above != SettingsLayer.Default && !wins ? above
            : byApi ? SettingsLayer.Api
            : IsSet(_sources.Base, path) ? SettingsLayer.Base
            : SettingsLayer.Default;
        found.Add(new(string.Join('.', path), value, layer, wins ? above : null));
    }

    /// <summary>Whether a layer sets the field, or something that it is a part of.</summary>
    private static bool IsSet(ConfigObject layer, ReadOnlySpan<string> path)
    {
        ConfigValue? at = layer;
        foreach (var name in path)
        {
            if (at is not ConfigObject fields)
                return at is not null;
            at = fields[name];
        }

        return at is not null;
    }
}

/// <summary>Where a value in force comes from.</summary>
/// <param name="Path">Names with dots, the root first.</param>
/// <param name="Overridden">The layer that sets it too, and wins at the next start; null for none.</param>
internal sealed record SettingOrigin(string Path, ConfigValue Value, SettingsLayer Layer, SettingsLayer? Overridden);
