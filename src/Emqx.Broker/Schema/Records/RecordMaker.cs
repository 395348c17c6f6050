using System.Reflection;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Records;

/// <summary>Makes records by their constructor from checked values.</summary>
internal sealed class RecordMaker
{
    private readonly ConstructorInvoker _constructor;
    private readonly string[] _names;
    private readonly Func<ConfigValue, object?>[] _makes;
    private readonly object?[] _defaults;

    /// <param name="names">The parameters' names in a value.</param>
    /// <param name="makes">How each parameter's value becomes an object.</param>
    public RecordMaker(ConstructorInfo constructor, string[] names, Func<ConfigValue, object?>[] makes)
    {
        _constructor = ConstructorInvoker.Create(constructor);
        _names = names;
        _makes = makes;
        _defaults = [.. constructor.GetParameters().Select(static parameter => DefaultOf(parameter))];
    }

    public object Make(ConfigValue value)
    {
        var fields = (ConfigObject)value;
        var arguments = _defaults.AsSpan().ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (fields[_names[i]] is { } field and not ConfigNull)
                arguments[i] = _makes[i](field);
        }

        return _constructor.Invoke(arguments.AsSpan());
    }

    // Reflection gives the default of an enum as its number, and that of a struct as null.
    private static object? DefaultOf(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue || parameter.DefaultValue is not { } value)
            return null;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsEnum ? Enum.ToObject(type, value) : value;
    }
}
