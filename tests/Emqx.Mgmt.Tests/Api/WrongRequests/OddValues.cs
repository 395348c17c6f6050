using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>Values that are a little beside what a kind takes, or at its edge: of another type, missing, null, empty, out of range, too long, with fields that nobody knows.</summary>
internal static class OddValues
{
    private const int Deepest = 6;

    private static readonly (string What, ConfigValue Value)[] s_odd =
    [
        ("true", true), ("a fraction", 1.5), ("-1", -1L), ("0", 0L), ("a huge number", long.MaxValue), ("a number beyond all", new ConfigNumber("1e40")), ("an empty text", ""),
        ("a text", "no such word"), ("a number as text", "1"), ("a long text", new string('x', 20_000)), ("a NUL", "a\0b"), ("infinity", "infinity"), ("a list", ConfigArray.Empty),
        ("a list in a list", new ConfigArray([ConfigArray.Empty])), ("an object", ConfigObject.Empty), ("an object of something else", ConfigObject.Empty.With("nosuch", 1L)),
    ];

    /// <summary>Texts for the values of a query or a path.</summary>
    public static IEnumerable<(string What, string Text)> Texts =>
        [("nothing", ""), ("a text", "no such word"), ("-1", "-1"), ("0", "0"), ("a fraction", "1.5"), ("a huge number", "99999999999999999999"), ("true", "true"), ("a long text", new string('x', 500))];

    /// <summary>The sample with one thing changed at a time, down to its leaves.</summary>
    public static IEnumerable<(string What, ConfigValue Value)> Of(ValueKind kind, ConfigValue sample, int depth = 0)
    {
        foreach (var odd in s_odd)
            yield return odd;
        if (depth == Deepest)
            yield break;
        var inner = (kind.Shape, sample) switch
        {
            (StructKind table, ConfigObject fields) => OfTable(table, fields, depth),
            (UnionKind union, ConfigObject) => union.Members.SelectMany(member => OfMember(member, depth)),
            (ArrayKind list, ConfigArray { Items: [var item, ..] }) => OfItem(list, item, depth),
            (MapKind map, ConfigObject { Count: > 0 } things) => OfThing(map, things, depth),
            _ => [],
        };
        foreach (var odd in inner)
            yield return odd;
    }

    private static IEnumerable<(string What, ConfigValue Value)> OfMember(ValueKind member, int depth) =>
        member.Shape is StructKind table && Samples.Of(member) is ConfigObject sample ? OfTable(table, sample, depth) : [];

    private static IEnumerable<(string What, ConfigValue Value)> OfTable(StructKind table, ConfigObject fields, int depth)
    {
        yield return ("a field that nobody knows", fields.With("nosuch", 1L));
        foreach (var field in table.Fields)
        {
            yield return ($"{field.Name} missing", fields.Without(field.Name));
            yield return ($"{field.Name} null", fields.With(field.Name, ConfigNull.Instance));
            if ((fields[field.Name] ?? Samples.Of(field.Kind)) is not { } sample)
                continue;
            foreach (var (what, value) in Of(field.Kind, sample, depth + 1))
                yield return ($"{field.Name} {what}", fields.With(field.Name, value));
        }
    }

    private static IEnumerable<(string What, ConfigValue Value)> OfItem(ArrayKind list, ConfigValue item, int depth)
    {
        yield return ("an item null", new ConfigArray([item, ConfigNull.Instance]));
        foreach (var (what, value) in Of(list.Item, item, depth + 1))
            yield return ($"an item {what}", new ConfigArray([item, value]));
    }

    private static IEnumerable<(string What, ConfigValue Value)> OfThing(MapKind map, ConfigObject things, int depth)
    {
        var (name, thing) = things.First();
        yield return ("a thing without a name", things.With("", thing));
        foreach (var (what, value) in Of(map.Item, thing, depth + 1))
            yield return ($"a thing {what}", things.With(name, value));
    }
}
