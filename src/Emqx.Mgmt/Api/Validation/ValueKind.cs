using System.Text.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>What may stand in one place of a request: how it is checked, and how what came differently is put into form.</summary>
internal abstract class ValueKind
{
    /// <summary>EMQX's name of the type.</summary>
    public abstract string Name { get; }

    /// <summary>Reports to the walk what is wrong, or that a rewrite is needed. Never called with null.</summary>
    public abstract bool Check(JsonElement value, Walk walk);

    /// <summary>Writes a checked value in the form that the request's type is read from.</summary>
    public virtual void Write(JsonElement value, Utf8JsonWriter writer) => value.WriteTo(writer);
}

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
