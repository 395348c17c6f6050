namespace Emqx.Broker.Schema;

/// <summary>Names the kind of a field whose .NET type does not say it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class KindAttribute(Type kind) : Attribute
{
    public Type Kind => kind;
}

/// <summary>Bounds of an integer, both included.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class BetweenAttribute(long min, long max) : Attribute
{
    public long Min => min;

    public long Max => max;

    /// <summary>EMQX's name of the type where it is not <c>min..max</c>.</summary>
    public string? Expected { get; init; }
}

/// <summary>A QoS level, 0 to 2.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class QosAttribute : Attribute;

/// <summary>A body that EMQX declares as a plain list of fields: unknown fields are ignored, the first failure answers, paths have no root.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PlainListAttribute : Attribute;

/// <summary>A body whose values EMQX does not convert: a number does not pass for a text.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UnconvertedAttribute : Attribute;
