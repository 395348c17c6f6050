using System.Text.Json;
using System.Text;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Http;

/// <summary>What a service has answered.</summary>
/// <param name="ContentType">Null where it does not say.</param>
internal readonly record struct HttpAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>The content type of JSON.</summary>
    public const string Json = "application/json";

    /// <summary>The content type of forms.</summary>
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Whether a text is that content type, with parameters or without.</summary>
    public static bool IsOf(string contentType, string kind) => contentType.AsSpan().TrimStart().StartsWith(kind, StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields of the body; null where it is neither a JSON object nor a form, or does not say so.</summary>
    /// <param name="unsaid">The content type of an answer that names none; null: it is not read.</param>
    public ConfigObject? Read(string? unsaid = null) => (ContentType ?? unsaid) switch
    {
        { } type when IsOf(type, Json) => ReadJson() as ConfigObject,
        { } type when IsOf(type, Form) => ReadForm(),
        _ => null,
    };

    /// <summary>The JSON value of the body; null where it is none.</summary>
    public ConfigValue? ReadJson()
    {
        try
        {
            return ConfigJson.Parse(Body.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ConfigObject? ReadForm()
    {
        if (FormEncoding.Read(Encoding.UTF8.GetString(Body.Span)) is not { } pairs)
            return null;
        var fields = new OrderedDictionary<string, ConfigValue>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
            fields[name] = value;
        return new(fields);
    }
}
