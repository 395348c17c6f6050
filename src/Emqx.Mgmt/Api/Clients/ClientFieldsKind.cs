using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The parameter <c>fields</c>: <c>all</c>, or names of client fields with commas between.</summary>
internal sealed class ClientFieldsKind : ValueKind
{
    public override string Name => "all | [client_field()]";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var text = value as ConfigText ?? new ConfigText(value.ToString());
        return ClientColumns.Parse(text.Text, out var unknown) is null ? at.Fail(NoMember(at.Path, text.Text.Split(','), unknown!)) : text;
    }

    private static Violation NoMember(string path, string[] names, string unknown)
    {
        var index = Array.FindIndex(names, name => name.Trim() == unknown) + 1;
        var given = new ConfigArray([.. names.Select(static name => (ConfigValue)name)]);
        return Violation.NoMember(path, new(new()
        {
            ["array"] = Violation.Wrong($"{path}.{index}", unknown, "not_a_enum_symbol").Body,
            ["all"] = Violation.Expected(path, given, "all").Body,
        }));
    }
}
