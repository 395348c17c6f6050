using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Http;

/// <summary>Headers of the requests to a service: so many and so long at most, and none that would change how a request is framed.</summary>
/// <param name="hasContent">Whether the requests have a body; without one its content type is left out.</param>
/// <param name="keepsCase">Whether names stay as they were written; else they are in lower case.</param>
internal sealed class HeadersKind(bool hasContent, bool keepsCase = false) : MaskedTextsKind(new TextKind("binary()", ProblemOfValue), IsSecret)
{
    private const int Most = 64, LongestName = 256, LongestValue = 4096;
    private const string ContentType = "content-type";

    private static readonly HashSet<string> s_framing = new(StringComparer.Ordinal)
    {
        "content-length", "expect", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    };

    /// <summary>What EMQX sends where nothing is said.</summary>
    public ConfigObject Default
    {
        get
        {
            var headers = new OrderedDictionary<string, ConfigValue> { ["accept"] = HttpAnswer.Json, ["cache-control"] = "no-cache", ["connection"] = "keep-alive" };
            if (hasContent)
                headers[ContentType] = HttpAnswer.Json;
            headers["keep-alive"] = "timeout=30, max=1000";
            return new(headers);
        }
    }

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject given)
            return value is ConfigArray { Items.Count: 0 } or ConfigText { Text: "" } ? ConfigObject.Empty : base.Check(value, at);
        if (given.Count > Most)
            return at.Wrong(given.Count, $"too many headers: at most {Most}");
        var headers = new OrderedDictionary<string, ConfigValue>(StringComparer.Ordinal);
        foreach (var (name, text) in given)
        {
            var lower = name.ToLowerInvariant();
            if (!IsName(lower))
                return at.Wrong(name, "bad_header_name");
            if (hasContent || lower != ContentType)
                headers[keepsCase ? name : lower] = text;
        }

        return base.Check(new ConfigObject(headers), at);
    }

    private static bool IsSecret(string name) => name.ToLowerInvariant() is "authorization" or "proxy-authorization";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
            && !s_framing.Contains(name);

    /// <summary>A line break in a value would begin another header.</summary>
    private static string? ProblemOfValue(string value) => value.Length <= LongestValue && !value.Any(static letter => char.IsControl(letter) && letter != '\t') ? null : "bad_header_value";
}
