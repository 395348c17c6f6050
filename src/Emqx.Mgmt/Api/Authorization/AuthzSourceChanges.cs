using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.AclFile;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>What requests for other authorization sources come to.</summary>
internal static class AuthzSourceChanges
{
    private const string Before = "before:";
    private const string After = "after:";

    /// <summary>A new source, in front.</summary>
    public static SettingsProposal<ApiFailure?> Add(ConfigObject source, PresentSettings present)
    {
        var sources = Sources(present);
        return Find(sources, TypeOf(source)) < 0
            ? Change([source, .. sources], present)
            : Refused($"{{duplicated_authz_source_type,{TypeOf(source)}}}");
    }

    /// <summary>Another configuration of a source, in its place.</summary>
    public static SettingsProposal<ApiFailure?> Replace(string type, AuthzSourceRequest request, PresentSettings present)
    {
        var sources = Sources(present);
        var at = Find(sources, type);
        if (at < 0)
            return new(AuthzSourcesEndpoints.NotFound(type));
        if (request.Type != type)
            return Refused("Type mismatch");
        sources[at] = request.Fields;
        return Change(sources, present);
    }

    /// <summary>One source less. The answer is what was removed; null: there is none.</summary>
    public static SettingsProposal<ConfigObject?> Remove(string type, PresentSettings present)
    {
        var sources = Sources(present);
        var at = Find(sources, type);
        if (at < 0)
            return new(null);
        var removed = (ConfigObject)sources[at];
        sources.RemoveAt(at);
        var change = present.Change(AuthorizationRoot.Root, "", WithSources(sources), Completion.Present, []);
        return change is null ? new(null) : new([change], removed);
    }

    /// <summary>A source in another place.</summary>
    public static SettingsProposal<ApiFailure?> Move(string type, string position, PresentSettings present)
    {
        var sources = Sources(present);
        var at = Find(sources, type);
        if (at < 0)
            return new(AuthzSourcesEndpoints.NotFound(type));
        var moved = sources[at];
        sources.RemoveAt(at);
        var isBefore = position.StartsWith(Before, StringComparison.Ordinal);
        var neighbour = isBefore ? position[Before.Length..] : position.StartsWith(After, StringComparison.Ordinal) ? position[After.Length..] : null;
        if (neighbour is null && position is not ("front" or "rear"))
            return Refused("<<\"Invalid parameter. Unknow position\">>");
        if (neighbour is { Length: 0 })
            return Refused($"<<\"Invalid parameter. Cannot be placed {(isBefore ? "before" : "after")} an empty target\">>");

        var to = neighbour is not null ? Find(sources, neighbour) : position == "front" ? 0 : sources.Count;
        if (to < 0)
            return Refused($"{{pre_config_update,emqx_authz,{{not_found_source,{neighbour}}}}}");
        sources.Insert(neighbour is not null && !isBefore ? to + 1 : to, moved);
        return Change(sources, present);
    }

    /// <summary>All sources, each once, in another order.</summary>
    public static SettingsProposal<ApiFailure?> Reorder(IReadOnlyList<string> types, PresentSettings present)
    {
        var sources = Sources(present);
        var missing = types.Where(type => Find(sources, type) < 0).Distinct().ToArray();
        var left = sources.Select(TypeOf).Except(types).ToArray();
        if (missing.Length == 0 && left.Length == 0)
            return types.Count == sources.Count ? Change([.. types.Select(type => sources[Find(sources, type)])], present) : Refused("A source is named more than once");
        string[] told =
        [
            .. missing.Length == 0 ? Array.Empty<string>() : [$"Authorization sources: {string.Join(", ", missing)} are not found"],
            .. left.Length == 0 ? Array.Empty<string>() : [$"No positions are specified for authorization sources: {string.Join(", ", left)}"],
        ];
        return Refused(string.Join(", ", told));
    }

    private static List<ConfigValue> Sources(PresentSettings present) => [.. AuthorizationRoot.SourcesOf(present.Value(AuthorizationRoot.Name))];

    private static int Find(List<ConfigValue> sources, string type) => sources.FindIndex(source => TypeOf(source) == type);

    private static string TypeOf(ConfigValue source) => ((source as ConfigObject)?[AuthzSourcesKind.Type] as ConfigText)?.Text ?? "";

    private static ConfigObject WithSources(List<ConfigValue> sources) => new(new() { [AuthorizationRoot.Sources] = new ConfigArray(sources) });

    private static SettingsProposal<ApiFailure?> Change(List<ConfigValue> sources, PresentSettings present)
    {
        var problems = new List<Violation>();
        var change = present.Change(AuthorizationRoot.Root, "", WithSources(sources), Completion.Present, problems);
        return change is not null ? new([change], null) : Refused(Told(problems));
    }

    /// <summary>EMQX tells of rules that cannot be read in words.</summary>
    private static string Told(List<Violation> problems) =>
        problems is [var only] && only.Path.EndsWith(AclFileSource.RulesField, StringComparison.Ordinal) && only.Body["reason"] is ConfigText reason
            ? reason.Text
            : Violation.ToJson(problems);

    private static SettingsProposal<ApiFailure?> Refused(string message) => new(Failure.BadRequest.Because(message));
}
