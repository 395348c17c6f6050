using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// What EMQX's start scripts, its container's included, make of variables before the node reads them: older names and short ones become those
/// of fields, and win over them.
/// </summary>
internal static class StartScripts
{
    private const string NodeName = "EMQX_NODE_NAME";
    private const string NameField = "EMQX_NODE__NAME";

    /// <summary>The variables as the node sees them. An empty one counts as none.</summary>
    public static Dictionary<string, string> Run(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var seen = new Dictionary<string, string>(variables, StringComparer.Ordinal);
        Name(seen);
        Move(seen, "EMQX_NODE_COOKIE", "EMQX_NODE__COOKIE");
        LogTo(seen);
        return seen;
    }

    /// <summary>Below all layers: which log handlers are on by default. A process in the foreground logs to its console.</summary>
    public static ConfigObject Defaults(Dictionary<string, string> variables)
    {
        var handler = variables.GetValueOrDefault("EMQX_DEFAULT_LOG_HANDLER") is { Length: > 0 } named ? named : "console";
        var (console, file) = (handler is "console" or "both", handler is "file" or "both");
        return HoconParser.Parse($"log {{ console.enable = {(console ? "true" : "false")}, file.default.enable = {(file ? "true" : "false")} }}");
    }

    /// <summary>EMQX_NODE_NAME before EMQX_NODE__NAME before the two halves EMQX_NAME and EMQX_HOST.</summary>
    private static void Name(Dictionary<string, string> seen)
    {
        Move(seen, NodeName, NameField);
        if (Given(seen, NameField) is null)
        {
            seen.Remove(NameField);
            var (name, host) = (Given(seen, "EMQX_NAME"), Given(seen, "EMQX_HOST"));
            if (name is not null || host is not null)
                seen[NameField] = $"{name ?? "emqx"}@{host ?? "127.0.0.1"}";
        }
    }

    private static void LogTo(Dictionary<string, string> seen)
    {
        if (!seen.Remove("EMQX_LOG__TO", out var to) || to is not ("console" or "file" or "both"))
            return;
        seen["EMQX_LOG__CONSOLE__ENABLE"] = to is "file" ? "false" : "true";
        seen["EMQX_LOG__FILE__ENABLE"] = to is "console" ? "false" : "true";
    }

    private static void Move(Dictionary<string, string> seen, string older, string field)
    {
        if (Given(seen, older) is { } value)
            seen[field] = value;
        seen.Remove(older);
    }

    private static string? Given(Dictionary<string, string> seen, string name) => seen.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
