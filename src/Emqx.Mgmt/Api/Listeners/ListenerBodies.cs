using Emqx.Broker.Listeners;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Api.Listeners;

/// <summary>Takes a listener's body apart: which listener it means, and its configuration.</summary>
internal static class ListenerBodies
{
    /// <summary>What may be sent back as it was read, but is no configuration.</summary>
    private static readonly string[] s_state = ["running", "current_connections"];

    /// <summary>The body of a creation by name.</summary>
    public static (ListenerId Id, ConfigObject Fields, string? Problem) ReadNamed(ConfigObject body)
    {
        List<Violation> problems = [];
        var type = Type(body, problems);
        var name = Text(body, "name", problems);
        Require(body, "bind", problems);
        return problems.Count > 0
            ? (default, body, Violation.ToJson(problems))
            : (new ListenerId(type, name), Configuration(body, "name"), null);
    }

    /// <summary>A body that names the listener by id, which must be the one of the path.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="path">The id of the path.</param>
    /// <param name="needsBind">Of a creation.</param>
    public static (ConfigObject Fields, string? Problem, bool IsOther) ReadWithId(ConfigObject body, ListenerId path, bool needsBind)
    {
        List<Violation> problems = [];
        var type = Type(body, problems);
        var id = Text(body, "id", problems);
        if (needsBind)
            Require(body, "bind", problems);
        var isId = ListenerId.TryParse(id, out var named);
        if (problems.Count == 0 && !isId)
            problems.Add(Violation.Wrong("root.id", id, $"{{invalid_listener_id,'{id}'}}"));
        if (problems.Count > 0)
            return (body, Violation.ToJson(problems), false);
        if (named!.Value.Type != type)
            return (body, "listener_type_inconsistent", false);
        return (Configuration(body, "id"), null, named.Value != path);
    }

    private static ConfigObject Configuration(ConfigObject body, string place)
    {
        var fields = body.Without("type").Without(place);
        foreach (var name in s_state)
            fields = fields.Without(name);
        return fields["enabled"] is { } enabled && fields["enable"] is null ? fields.Without("enabled").With("enable", enabled) : fields;
    }

    private static string Type(ConfigObject body, List<Violation> problems)
    {
        if (body["type"] is ConfigText { Text: var type } && ListenerId.Types.Contains(type))
            return type;
        problems.Add(body["type"] is null or ConfigNull
            ? Violation.Required("root.type")
            : Violation.Wrong("root.type", body["type"]!, "not_a_enum_symbol"));
        return "";
    }

    private static string Text(ConfigObject body, string name, List<Violation> problems)
    {
        if (body[name] is ConfigText { Text: var text })
            return text;
        if (body[name] is ConfigNumber number && number.TryGetInteger(out _))
            return number.Text;
        problems.Add(body[name] is null or ConfigNull
            ? Violation.Required($"root.{name}")
            : Violation.Expected($"root.{name}", body[name]!, "string()"));
        return "";
    }

    private static void Require(ConfigObject body, string name, List<Violation> problems)
    {
        if (body[name] is null or ConfigNull)
            problems.Add(Violation.Required($"root.{name}"));
    }
}
