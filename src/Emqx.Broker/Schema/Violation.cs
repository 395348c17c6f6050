using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One thing that is wrong with a value, in EMQX's form.</summary>
internal sealed class Violation
{
    private const string Kind = "validation_error";
    private const string MatchedType = "matched_type";

    private Violation(string path, ConfigObject body)
    {
        Path = path;
        Body = body;
    }

    /// <summary>The way to the value, dots between.</summary>
    public string Path { get; }

    /// <summary><c>{"value", "reason", "path", "kind": "validation_error"}</c>, names in the order in which EMQX gives them.</summary>
    public ConfigObject Body { get; }

    /// <summary>A value that does not do. The reason is a text or <c>{"expected": …}</c>.</summary>
    public static Violation Wrong(string path, ConfigValue value, ConfigValue reason) =>
        new(path, new(new() { ["value"] = value, ["reason"] = reason, ["path"] = path, ["kind"] = Kind }));

    public static Violation Expected(string path, ConfigValue value, string expected) =>
        Wrong(path, value, new ConfigObject(new() { ["expected"] = expected }));

    /// <summary>A reason of its own, with what it is about; names in the order in which EMQX gives them: the last first.</summary>
    public static Violation Because(string path, string reason, params IEnumerable<(string Name, ConfigValue Value)> details)
    {
        var body = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, value) in details.Concat([("reason", reason), ("path", path), ("kind", Kind)]).OrderByDescending(one => one.Name, StringComparer.Ordinal))
            body[name] = value;
        return new(path, new(body));
    }

    /// <summary>The same, told of one of several structs: EMQX tells which it has taken the value for.</summary>
    public Violation Of(StructKind member)
    {
        if (member.Id is not { } id || Body[MatchedType] is not null)
            return this;
        var body = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, value) in Body)
        {
            if (name == "kind")
                body[MatchedType] = id.Replace('.', ':');
            body[name] = value;
        }

        return new(Path, new(body));
    }

    public static Violation Required(string path) =>
        new(path, new(new() { ["reason"] = "required_field", ["path"] = path, ["kind"] = Kind }));

    /// <param name="unmatched">Fields that the schema knows and the value does not have.</param>
    public static Violation Unknown(string path, IEnumerable<string> unknown, IEnumerable<string> unmatched) => new(path, new(new()
    {
        ["unmatched"] = Summary(unmatched),
        ["unknown"] = Summary(unknown),
        ["reason"] = "unknown_fields",
        ["path"] = path,
        ["kind"] = Kind,
    }));

    /// <summary>An object in place of an array, whose names are no indices.</summary>
    public static Violation NoIndices(string path, IEnumerable<string> names) => new(path, new(new()
    {
        ["bad_array_index_keys"] = new ConfigArray([.. names.Select(name => (ConfigValue)name)]),
        ["path"] = path,
        ["kind"] = Kind,
    }));

    /// <summary>A value that is nothing of what it might be; with what each of them says.</summary>
    public static Violation NoMember(string path, ConfigObject mismatches) => new(path, new(new()
    {
        ["reason"] = "matched_no_union_member",
        ["path"] = path,
        ["mismatches"] = mismatches,
        ["kind"] = Kind,
    }));

    /// <summary>The same violation, told as one of a member of a union; of members in members the outer one comes first.</summary>
    public Violation Of(string member)
    {
        var body = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, value) in Body)
        {
            if (name == "kind")
                body[MatchedType] = Body[MatchedType] is ConfigText inner ? $"{member}/{inner.Text}" : member;
            if (name != MatchedType)
                body[name] = value;
        }

        return new(Path, new(body));
    }

    /// <summary>The JSON text of one violation, or of an array of several. Numbers read as they were written.</summary>
    public static string ToJson(IReadOnlyList<Violation> violations) => ConfigJson.ToText(ToValue(violations), asWritten: true);

    /// <summary>The object of one violation, or an array of several.</summary>
    public static ConfigValue ToValue(IReadOnlyList<Violation> violations) =>
        violations.Count == 1 ? violations[0].Body : new ConfigArray([.. violations.Select(violation => violation.Body)]);

    /// <summary>For people: the path first.</summary>
    public override string ToString()
    {
        var reason = Body["reason"] is ConfigObject expected && expected["expected"] is ConfigText text ? "expected " + text.Text
            : Body["reason"] is ConfigText word ? word.Text : Body["reason"]!.ToString();
        var details = (Body["unknown"] ?? Body["mismatches"])?.ToString();
        var value = Body["value"] is { } given ? ", got " + given : "";
        return $"{Path}: {reason}{(details is null ? "" : " " + details)}{value}";
    }

    /// <summary>The first two names, as EMQX abbreviates its lists.</summary>
    private static string Summary(IEnumerable<string> names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToArray();
        return sorted.Length switch
        {
            0 => "none",
            <= 2 => string.Join(',', sorted),
            _ => $"{sorted[0]},{sorted[1]},...",
        };
    }
}
