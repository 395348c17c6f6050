using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>What a value may be: a field of the configuration, of a request's body or of a query string.</summary>
internal abstract class ValueKind
{
    /// <summary>EMQX's name for it, in mismatches: <c>pos_integer()</c>, <c>1..65535</c>, <c>infinity</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The kind by which it is described, where rules of its own stand before another kind.</summary>
    public virtual ValueKind Shape => this;

    /// <summary>
    /// Checks a value and gives it as it is kept: the text form stays, a number given as text becomes a number, missing
    /// fields get their defaults. Null when a violation was added.
    /// </summary>
    public abstract ConfigValue? Check(ConfigValue value, Inspection at);

    /// <summary>Checks a value of the configuration.</summary>
    /// <param name="path">What paths in violations begin with.</param>
    public ConfigValue? Check(ConfigValue value, string path, List<Violation> violations) => Check(value, new Inspection(path, violations));

    /// <summary>The kind of the part of that name; null where there is none.</summary>
    public virtual ValueKind? Part(string name) => null;

    /// <summary>
    /// The value with today's names in place of older ones, and otherwise as it is, right or wrong: layers are merged field by field, and a
    /// field has one name then.
    /// </summary>
    public virtual ConfigValue Canonical(ConfigValue value) => value;

    /// <summary>A copy in which secrets read ****** and hidden fields are gone.</summary>
    public virtual ConfigValue Shown(ConfigValue value) => value;

    /// <summary>A copy in which secrets that read ****** are those of the present value.</summary>
    public virtual ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => value;
}
