using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>A field of a struct.</summary>
/// <param name="Default">What a missing field gets; null: it stays away.</param>
internal sealed record StructField(string Name, ValueKind Kind, ConfigValue? Default)
{
    /// <summary>A missing one is a violation.</summary>
    public bool Required { get; init; }

    /// <summary>Shown as ******; ****** given keeps the present value.</summary>
    public bool Secret { get; init; }

    /// <summary>Taken, but never shown.</summary>
    public bool Hidden { get; init; }

    /// <summary>Taken, but no longer of use.</summary>
    public bool Deprecated { get; init; }

    /// <summary>Older names that are taken too.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it is for.</summary>
    public string? Text { get; init; }

    /// <summary>What its number counts, where the kind does not say it: <c>seconds</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>How the Dashboard's form has it, where that knows less or more than the kind.</summary>
    public ValueKind? Form { get; init; }

    /// <summary>Whether it is the field's name, or an older one.</summary>
    public bool IsCalled(string name)
    {
        if (Name == name)
            return true;
        for (var i = 0; i < Aliases.Count; i++)
        {
            if (Aliases[i] == name)
                return true;
        }

        return false;
    }

    /// <summary>The field with a text that says what it is for.</summary>
    public StructField Says(string text) => this with { Text = text };
}
