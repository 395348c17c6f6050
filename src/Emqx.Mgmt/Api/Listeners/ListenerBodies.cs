using Emqx.Broker.Listeners;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Mgmt.Api.Listeners;

/// <summary>Takes a listener's body apart: which listener it means, and its configuration.</summary>
internal static class ListenerBodies
{
    private static readonly StructField s_type = Required("type", Enum([.. ListenerId.Types]));
    private static readonly StructField s_name = Required("name", new TextKind("string()"));
    private static readonly StructField s_id = Required("id", new TextKind("string()", IdProblem));
    private static readonly StructField s_bind = Required("bind", Open);

    private static readonly StructKind s_named = Naming(s_type, s_name, s_bind);
    private static readonly StructKind s_created = Naming(s_type, s_id, s_bind);
    private static readonly StructKind s_changed = Naming(s_type, s_id);

    /// <summary>What may be sent back as it was read, but is no configuration.</summary>
    private static readonly string[] s_state = ["running", "current_connections"];

    /// <summary>The body of a creation by name.</summary>
    public static (ListenerId Id, ConfigObject Fields, string? Problem) ReadNamed(ConfigObject body) =>
        Check(body, s_named, out var problem) is { } read
            ? (new ListenerId(read.Text("type"), read.Text("name")), Configuration(body, "name"), null)
            : (default, body, problem);

    /// <summary>A body that names the listener by id, which must be the one of the path.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="path">The id of the path.</param>
    /// <param name="needsBind">Of a creation.</param>
    public static (ConfigObject Fields, string? Problem, bool IsOther) ReadWithId(ConfigObject body, ListenerId path, bool needsBind)
    {
        if (Check(body, needsBind ? s_created : s_changed, out var problem) is not { } read || !ListenerId.TryParse(read.Text("id"), out var named))
            return (body, problem, false);
        if (named.Value.Type != read.Text("type"))
            return (body, "listener_type_inconsistent", false);
        return (Configuration(body, "id"), null, named.Value != path);
    }

    /// <summary>What else the body says is checked against the listener's own table, with what the listener has already.</summary>
    private static StructKind Naming(params StructField[] fields) => new(fields) { IgnoresUnknown = true };

    private static SettingsReader? Check(ConfigObject body, StructKind kind, out string? problem)
    {
        var at = new Inspection("root") { IsRequest = true };
        var kept = kind.Check(body, at) as ConfigObject;
        problem = kept is null ? Violation.ToJson(at.Violations) : null;
        return kept is null ? null : new SettingsReader(kept);
    }

    private static string? IdProblem(string id) => ListenerId.TryParse(id, out _) ? null : $"{{invalid_listener_id,'{id}'}}";

    private static ConfigObject Configuration(ConfigObject body, string place)
    {
        var fields = body.Without("type").Without(place);
        foreach (var name in s_state)
            fields = fields.Without(name);
        return fields["enabled"] is { } enabled && fields["enable"] is null ? fields.Without("enabled").With("enable", enabled) : fields;
    }
}
