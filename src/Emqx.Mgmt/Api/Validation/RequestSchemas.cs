using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>The schemas of request types, each made once from the type's fields and their attributes.</summary>
internal sealed class RequestSchemas
{
    private readonly ConcurrentDictionary<Type, ValueKind> _bodies = new();
    private readonly ConcurrentDictionary<Type, ObjectKind> _parameters = new();

    /// <summary>The schema of a body.</summary>
    public ValueKind OfBody(Type type) => _bodies.GetOrAdd(type, static type => KindOf(type, null, isText: false));

    /// <summary>The schema of a query string or a path: lists may be one value, unknown names are ignored.</summary>
    public ObjectKind OfParameters(Type type) => _parameters.GetOrAdd(type, static type => ObjectOf(type, isText: true));

    private static ObjectKind ObjectOf(Type type, bool isText)
    {
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).ToLookup(parameter => parameter.Name);
        var fields = new List<Field>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null || !property.CanWrite) continue;
            fields.Add(FieldOf(property, parameters[property.Name].FirstOrDefault(), isText));
        }
        return new(fields, isText || type.IsDefined(typeof(PlainListAttribute)));
    }

    private static Field FieldOf(PropertyInfo property, ParameterInfo? parameter, bool isText)
    {
        var isRequired = parameter is null ? property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) : !parameter.HasDefaultValue;
        return new(NameOf(property), KindOf(property.PropertyType, new(property, parameter), isText), isRequired);
    }

    /// <summary>The name in JSON and in query strings.</summary>
    public static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static ValueKind KindOf(Type type, Declared? declared, bool isText)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if ((declared?.Get<KindAttribute>() ?? type.GetCustomAttribute<KindAttribute>()) is { } named) return (ValueKind)Activator.CreateInstance(named.Kind)!;
        if (type == typeof(string)) return new TextKind();
        if (type == typeof(bool)) return new BooleanKind();
        if (type == typeof(int) || type == typeof(byte)) return IntegerOf(declared, int.MinValue, int.MaxValue);
        if (type == typeof(long)) return IntegerOf(declared, long.MinValue, long.MaxValue);
        if (type == typeof(double)) return new NumberKind();
        if (type == typeof(DateTimeOffset)) return new EpochSecondKind();
        if (type == typeof(JsonElement) || typeof(JsonNode).IsAssignableFrom(type) || type == typeof(object)) return new AnyKind();
        if (type.IsEnum) return new WordKind([.. Enum.GetNames(type).Select(name => WordOf(type, name))]);
        if (ItemOf(type, typeof(IReadOnlyDictionary<,>), 1) is { } value) return new MapKind(KindOf(value, null, isText));
        if (ItemOf(type, typeof(IEnumerable<>), 0) is { } item) return new ListKind(KindOf(item, null, isText), single: isText);
        return ObjectOf(type, isText);
    }

    private static IntegerKind IntegerOf(Declared? declared, long min, long max)
    {
        if (declared?.Get<QosAttribute>() is not null) return new(0, 2, null, "Unable to parse string");
        return declared?.Get<BetweenAttribute>() is { } between
            ? new(between.Min, between.Max, between.Expected ?? $"{between.Min}..{between.Max}")
            : new(min, max, null);
    }

    /// <summary>The word that stands for an enum's member.</summary>
    public static string WordOf(Type type, string member) =>
        type.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static Type? ItemOf(Type type, Type definition, int argument)
    {
        var all = type.IsInterface ? type.GetInterfaces().Append(type) : type.GetInterfaces();
        return all.FirstOrDefault(known => known.IsGenericType && known.GetGenericTypeDefinition() == definition)?.GetGenericArguments()[argument];
    }

    /// <summary>Attributes of a property or of the record parameter that declares it.</summary>
    private sealed record Declared(PropertyInfo Property, ParameterInfo? Parameter)
    {
        public T? Get<T>() where T : Attribute => Property.GetCustomAttribute<T>() ?? Parameter?.GetCustomAttribute<T>();
    }
}
