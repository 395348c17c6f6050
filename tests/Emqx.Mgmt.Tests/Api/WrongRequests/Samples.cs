using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>Values that a kind takes: required fields alone, lists and maps with one thing in them.</summary>
internal static class Samples
{
    private static readonly ConfigValue[] s_plain =
    [
        "n1", 1L, true, "1s", "1KB", "50%", "1/s", "127.0.0.1", "127.0.0.1:11999", "a/b", "tcp:n1", "front", "http://127.0.0.1:9", "allow all", ConfigObject.Empty, ConfigArray.Empty,
    ];

    /// <summary>A value of that kind; null where none is known.</summary>
    public static ConfigValue? Of(ValueKind kind) => kind.Shape switch
    {
        StructKind table => OfTable(table),
        ArrayKind list => Of(list.Item) is { } item ? new ConfigArray([item]) : ConfigArray.Empty,
        MapKind map => Of(map.Item) is { } item ? ConfigObject.Empty.With("n1", item) : ConfigObject.Empty,
        UnionKind union => Of(union.Members.First()),
        EnumKind words => words.Symbols[0],
        SymbolKind word => word.Name,
        ChoiceKind choice => choice.Members.Select(Of).FirstOrDefault(static found => found is not null),
        OpenKind => ConfigObject.Empty,
        _ => Array.Find(s_plain, value => kind.Check(value, new Inspection("") { IsRequest = true }) is not null),
    };

    private static ConfigObject OfTable(StructKind table)
    {
        var fields = ConfigObject.Empty;
        foreach (var field in table.Fields)
        {
            if (field.Required && Of(field.Kind) is { } value)
                fields = fields.With(field.Name, value);
        }

        return fields;
    }
}
