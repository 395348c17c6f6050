using System.Collections;
using System.Reflection;
using Emqx.Broker.Node;
using Emqx.Broker.Schema;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using Xunit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>
/// Every field of the configuration is read by something, or users are told that it is not. Read means: another value of the field gives
/// another record, and some code that did not make the record asks for what is different.
/// </summary>
public sealed class SettingsReaders
{
    private static readonly Assembly[] s_ours =
        [typeof(Root).Assembly, typeof(Program).Assembly, typeof(Emqx.Storage.Sqlite.SqliteDatabase).Assembly];

    private static readonly List<FieldWithoutEffect> s_told = [.. NodeRoots.Catalogue.WithoutEffect];
    private static readonly HashSet<PropertyInfo> s_asked = [.. Asked()];

    [Fact]
    public void Every_field_is_read_or_told_to_be_without_effect()
    {
        var unread = Fields().Where(field => !IsRead(field) && !IsTold(field));
        Assert.Empty(unread.Select(field => field.Path));
    }

    [Fact]
    public void What_is_told_to_be_without_effect_is_not_read()
    {
        var read = Fields().Where(field => IsRead(field) && IsTold(field));
        Assert.Empty(read.Select(field => field.Path));
    }

    [Fact]
    public void What_is_told_to_be_without_effect_is_there()
    {
        var fields = Fields().ToList();
        var missing = s_told.Where(told => !fields.Exists(field => told.Covers(field.Path))
            && NodeRoots.Catalogue.KindOf(told.Path.Split('.')[0]) is StructKind or null);
        Assert.Empty(missing.Select(told => told.Path));
    }

    [Fact]
    public void Who_reads_without_a_record_names_the_field()
    {
        foreach (var root in NodeRoots.Catalogue.Roots)
        {
            foreach (var (path, reader) in root.ReadBy)
                Assert.Contains(path.Length == 0 ? root.Name : path.Split('.')[^1], CalledMethods.Texts(reader));
        }
    }

    private static IEnumerable<SettingsFieldCase> Fields() => NodeRoots.Catalogue.Roots.SelectMany(SettingsFields.Of);

    private static bool IsTold(SettingsFieldCase field) => s_told.Exists(told => told.Covers(field.Path));

    private static bool IsRead(SettingsFieldCase field)
    {
        if (field.Root.ReadBy.ContainsKey(field.Below) || field is { Root.ReadBy.Count: > 0, Below: "" })
            return true;
        if (field.Root.Record is not { } record)
            return false;
        var differing = new HashSet<PropertyInfo>();
        foreach (var after in field.After)
            Compare(record(field.Before), record(after), differing);
        return differing.Overlaps(s_asked);
    }

    /// <summary>Properties of our records that somebody asks for, but for those who make them.</summary>
    private static IEnumerable<PropertyInfo> Asked() =>
        from assembly in s_ours
        from call in CalledMethods.Calls(assembly)
        where IsRecord(call.Called.DeclaringType) && call.Caller.DeclaringType is { } caller && !IsMaker(caller) && caller != call.Called.DeclaringType
        from property in call.Called.DeclaringType!.GetProperties()
        where property.GetMethod == call.Called || call.Called.Name == "Deconstruct"
        select property;

    /// <summary>Whether the type holds roots, or reads for one that does.</summary>
    private static bool IsMaker(Type type)
    {
        var outermost = CalledMethods.Outermost(type);
        return outermost == typeof(ListenerReader) || outermost.GetFields(BindingFlags.Public | BindingFlags.Static).Any(field => field.FieldType.IsAssignableTo(typeof(Root)));
    }

    private static bool IsRecord(Type? type) => type?.GetMethod("<Clone>$") is not null;

    /// <summary>Whether two values differ; adds the properties of records in which they do.</summary>
    private static bool Compare(object? before, object? after, HashSet<PropertyInfo> differing)
    {
        if (before is null || after is null || before.GetType() != after.GetType())
            return !Equals(before, after);
        if (IsRecord(before.GetType()))
            return before.GetType().GetProperties().Where(one => one.SetMethod is not null).ToList().FindAll(one => DiffersIn(one, before, after, differing)).Count > 0;
        if (before is not IEnumerable one || before is string)
            return !Equals(before, after);
        var (left, right) = (one.Cast<object>().ToList(), ((IEnumerable)after).Cast<object>().ToList());
        return left.Count != right.Count || left.Zip(right).ToList().FindAll(pair => Compare(pair.First, pair.Second, differing)).Count > 0;
    }

    private static bool DiffersIn(PropertyInfo property, object before, object after, HashSet<PropertyInfo> differing)
    {
        // What differs within a record, be it one of a list, is asked for there: to ask for the record alone is not to read it.
        var within = new HashSet<PropertyInfo>();
        var differs = Compare(property.GetValue(before), property.GetValue(after), within);
        if (differs && within.Count == 0)
            within.Add(property);
        differing.UnionWith(within);
        return differs;
    }
}
