using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Records;

/// <summary>
/// What a .NET type says of the values it is made from: their kind, and how one becomes an object. Of a record the parameters of
/// its constructor and their attributes are the struct.
/// </summary>
/// <param name="Kind">What a value is checked against.</param>
/// <param name="Make">Makes the object from a checked value.</param>
internal sealed record RecordSchema(ValueKind Kind, Func<ConfigValue, object?> Make)
{
    private static readonly object s_true = true;
    private static readonly object s_false = false;

    /// <summary>The schema of a type.</summary>
    /// <param name="ofParameters">Of a query string or a path: unknown names do not matter.</param>
    public static RecordSchema Of(Type type, bool ofParameters = false) => Of(type, null, ofParameters);

    /// <summary>The name in JSON and in query strings.</summary>
    public static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static RecordSchema Of(Type type, Declared? declared, bool ofParameters)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (declared?.Get<KindAttribute>() is { } named)
            return new(Made(named), Scalar(type).Make);
        if (type.GetCustomAttribute<KindAttribute>() is { } own)
            return new(Made(own), value => Activator.CreateInstance(type, value));
        if (ItemOf(type, typeof(IReadOnlyDictionary<,>), 1) is { } value)
            return MapOf(value, Of(value, null, ofParameters));
        if (type != typeof(string) && ItemOf(type, typeof(IEnumerable<>), 0) is { } item)
            return ListOf(item, Of(item, null, ofParameters));
        return type.IsClass && type != typeof(string) ? RecordOf(type, ofParameters) : Scalar(type, declared);
    }

    private static RecordSchema Scalar(Type type, Declared? declared = null)
    {
        if (type == typeof(string))
            return new(Kinds.Text, static value => ((ConfigText)value).Text);
        if (type == typeof(bool))
            return new(Kinds.Flag, static value => ((ConfigBoolean)value).Value ? s_true : s_false);
        if (type == typeof(int))
            return new(IntegerOf(declared, Kinds.Int32), static value => (int)Integer(value));
        if (type == typeof(long))
            return new(IntegerOf(declared, Kinds.Integer), static value => Integer(value));
        if (type == typeof(double))
            return new(Kinds.Number, static value => ((ConfigNumber)value).TryGetNumber(out var number) ? number : 0);
        if (type == typeof(DateTimeOffset))
            return new(new EpochSecondKind(), static value => value is ConfigNumber ? DateTimeOffset.FromUnixTimeMilliseconds(Integer(value)) : null);
        return type.IsEnum ? EnumOf(type) : throw new NotSupportedException($"No request can hold a {type}.");
    }

    private static ValueKind Made(KindAttribute named) => (ValueKind)Activator.CreateInstance(named.Kind)!;

    private static long Integer(ConfigValue value) => ((ConfigNumber)value).TryGetInteger(out var integer) ? integer : 0;

    private static ValueKind IntegerOf(Declared? declared, ValueKind otherwise)
    {
        if (declared?.Get<QosAttribute>() is not null)
            return Kinds.Qos;
        return declared?.Get<BetweenAttribute>() is { } between
            ? new IntegerKind(between.Expected ?? $"{between.Min}..{between.Max}", between.Min, between.Max)
            : otherwise;
    }

    private static RecordSchema EnumOf(Type type)
    {
        var words = Enum.GetNames(type).Select(name => WordOf(type, name)).ToArray();
        var values = Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => Enum.ToObject(type, value)).ToArray();
        return new(new EnumKind(words), value => values[Array.IndexOf(words, ((ConfigText)value).Text)]);
    }

    /// <summary>The word that stands for an enum's member.</summary>
    private static string WordOf(Type type, string member) =>
        type.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static RecordSchema ListOf(Type type, RecordSchema item) => new(new ArrayKind(item.Kind), value =>
    {
        var items = ((ConfigArray)value).Items;
        var list = Array.CreateInstance(type, items.Count);
        for (var i = 0; i < items.Count; i++)
            list.SetValue(item.Make(items[i]), i);
        return list;
    });

    private static RecordSchema MapOf(Type type, RecordSchema item)
    {
        if (type == typeof(string))
            return new(new MapKind(item.Kind), static value => TextsOf((ConfigObject)value));
        var made = typeof(Dictionary<,>).MakeGenericType(typeof(string), type);
        return new(new MapKind(item.Kind), value =>
        {
            var map = (System.Collections.IDictionary)Activator.CreateInstance(made)!;
            foreach (var (name, field) in ((ConfigObject)value).Fields)
                map[name] = item.Make(field);
            return map;
        });
    }

    private static Dictionary<string, string> TextsOf(ConfigObject map)
    {
        var texts = new Dictionary<string, string>(map.Count);
        foreach (var (name, field) in map.Fields)
            texts[name] = ((ConfigText)field).Text;
        return texts;
    }

    private static RecordSchema RecordOf(Type type, bool ofParameters)
    {
        var constructor = type.GetConstructors().Single();
        var parameters = constructor.GetParameters();
        var fields = new StructField[parameters.Length];
        var makes = new Func<ConfigValue, object?>[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var property = type.GetProperty(parameters[i].Name!)!;
            var of = Of(parameters[i].ParameterType, new Declared(property, parameters[i]), ofParameters);
            fields[i] = new StructField(NameOf(property), of.Kind, null) { Required = !parameters[i].HasDefaultValue };
            makes[i] = of.Make;
        }

        var maker = new RecordMaker(constructor, [.. fields.Select(static field => field.Name)], makes);
        return new(new StructKind(fields) { IgnoresUnknown = ofParameters || type.IsDefined(typeof(PlainListAttribute)) }, maker.Make);
    }

    private static Type? ItemOf(Type type, Type definition, int argument)
    {
        var all = type.IsInterface ? type.GetInterfaces().Append(type) : type.GetInterfaces();
        return all.FirstOrDefault(known => known.IsGenericType && known.GetGenericTypeDefinition() == definition)?.GetGenericArguments()[argument];
    }

    /// <summary>Attributes of a property or of the record parameter that declares it.</summary>
    private sealed record Declared(PropertyInfo Property, ParameterInfo Parameter)
    {
        public T? Get<T>() where T : Attribute => Property.GetCustomAttribute<T>() ?? Parameter.GetCustomAttribute<T>();
    }
}
