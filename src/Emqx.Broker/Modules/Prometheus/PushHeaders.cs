using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Headers of the requests to a push gateway: so many and so long at most, and none that would change how a request is framed.</summary>
internal static class PushHeaders
{
    private const int Most = 64, LongestName = 256, LongestValue = 4096;

    private static readonly HashSet<string> s_framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    };

    /// <summary>Values by name.</summary>
    public static readonly ValueKind Kind = new MapKind(new TextKind("string()", ProblemOfValue), ProblemOfName);

    /// <summary>What is wrong with the settings that hold them; null where nothing is.</summary>
    public static string? ProblemOf(ConfigObject settings) => settings["headers"] is ConfigObject { Count: > Most } ? $"too many headers: at most {Most}" : null;

    private static ConfigText? ProblemOfName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
            && !s_framing.Contains(name)
            ? null
            : new("bad_header_name");

    /// <summary>A line break in a value would begin another header.</summary>
    private static string? ProblemOfValue(string value) =>
        value.Length <= LongestValue && value.All(static letter => letter is (>= ' ' and <= '~') or '\t') ? null : "bad_header_value";
}
