using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One thing that is wrong with a value, in EMQX's form.</summary>
internal sealed class SettingsProblem
{
    private SettingsProblem(string path, ConfigObject body)
    {
        Path = path;
        Body = body;
    }

    /// <summary>The way to the value, dots between.</summary>
    public string Path { get; }

    /// <summary><c>{"value", "reason", "path", "kind": "validation_error"}</c>, names in the order in which EMQX gives them.</summary>
    public ConfigObject Body { get; }

    /// <summary>A value that does not do. The reason is a text or <c>{"expected": …}</c>.</summary>
    public static SettingsProblem Wrong(string path, ConfigValue value, ConfigValue reason) =>
        new(path, new(new() { ["value"] = value, ["reason"] = reason, ["path"] = path, ["kind"] = "validation_error" }));

    public static SettingsProblem Expected(string path, ConfigValue value, string expected) =>
        Wrong(path, value, new ConfigObject(new() { ["expected"] = expected }));

    /// <summary>A reason of its own, with what it is about; names in the order in which EMQX gives them: the last first.</summary>
    public static SettingsProblem Because(string path, string reason, params IEnumerable<(string Name, ConfigValue Value)> details)
    {
        var body = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, value) in details.Concat([("reason", reason), ("path", path), ("kind", "validation_error")]).OrderByDescending(one => one.Name, StringComparer.Ordinal))
            body[name] = value;
        return new(path, new(body));
    }

    public static SettingsProblem Required(string path) =>
        new(path, new(new() { ["reason"] = "required_field", ["path"] = path, ["kind"] = "validation_error" }));

    /// <param name="unmatched">Fields that the schema knows and the value does not have.</param>
    public static SettingsProblem Unknown(string path, IEnumerable<string> unknown, IEnumerable<string> unmatched) => new(path, new(new()
    {
        ["unmatched"] = Summary(unmatched),
        ["unknown"] = Summary(unknown),
        ["reason"] = "unknown_fields",
        ["path"] = path,
        ["kind"] = "validation_error",
    }));

    /// <summary>A value that is nothing of what it might be; with what each of them says.</summary>
    public static SettingsProblem NoMember(string path, ConfigObject mismatches) => new(path, new(new()
    {
        ["reason"] = "matched_no_union_member",
        ["path"] = path,
        ["mismatches"] = mismatches,
        ["kind"] = "validation_error",
    }));

    /// <summary>The JSON text of one problem, or of an array of several.</summary>
    public static string ToJson(IReadOnlyList<SettingsProblem> problems) => ToValue(problems).ToString();

    /// <summary>The object of one problem, or an array of several.</summary>
    public static ConfigValue ToValue(IReadOnlyList<SettingsProblem> problems) =>
        problems.Count == 1 ? problems[0].Body : new ConfigArray([.. problems.Select(problem => problem.Body)]);

    /// <summary>For people: the path first.</summary>
    public override string ToString()
    {
        var reason = Body["reason"] is ConfigObject expected && expected["expected"] is ConfigText text ? "expected " + text.Text
            : Body["reason"] is ConfigText word ? word.Text : Body["reason"]!.ToString();
        var details = (Body["unknown"] ?? Body["mismatches"])?.ToString();
        var value = Body["value"] is { } given ? ", got " + given : "";
        return $"{Path}: {reason}{(details is null ? "" : " " + details)}{value}";
    }

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
