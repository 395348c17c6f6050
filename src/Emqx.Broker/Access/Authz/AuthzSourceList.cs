using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Access.Authz;

/// <summary>The configured authorization sources as the API shows them: secrets masked, rules of files in place of their names.</summary>
internal sealed class AuthzSourceList(AuthzSourceCatalogue catalogue, RunningConfiguration running, ConfigPaths paths)
{
    /// <summary>All, in the order in which they are asked.</summary>
    public IReadOnlyList<ConfigObject> List() => [.. AuthorizationRoot.SourcesOf(running.Value(AuthorizationRoot.Name)).OfType<ConfigObject>().Select(Shown)];

    /// <summary>The one of a type; null where there is none.</summary>
    public ConfigObject? Find(string type) => AuthorizationRoot.Find(running.Value(AuthorizationRoot.Name), type) is { } entry ? Shown(entry) : null;

    private ConfigObject Shown(ConfigObject entry)
    {
        if (entry[AuthzSourcesKind.Type] is not ConfigText { Text: var name } || catalogue.Find(name) is not { } type)
            return entry;
        var shown = (ConfigObject)type.Kind.Shown(entry);
        return type.Shown is { } show ? show(shown, paths) : shown;
    }
}
