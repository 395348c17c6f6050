using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>What a value of the configuration may be.</summary>
internal abstract class SettingsKind
{
    /// <summary>EMQX's name for it, in mismatches: <c>pos_integer()</c>, <c>1..65535</c>, <c>infinity</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Checks a value and gives it as it is kept: the text form stays, a number given as text becomes a number, missing
    /// fields get their defaults. Null when a problem was added.
    /// </summary>
    public abstract ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems);

    /// <summary>The kind of the part of that name; null where there is none.</summary>
    public virtual SettingsKind? Part(string name) => null;

    /// <summary>A copy in which secrets read ****** and hidden fields are gone.</summary>
    public virtual ConfigValue Shown(ConfigValue value) => value;

    /// <summary>A copy in which secrets that read ****** are those of the present value.</summary>
    public virtual ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => value;

    /// <summary>Adds the problem; gives the null that says so.</summary>
    protected static ConfigValue? Fail(List<SettingsProblem> problems, SettingsProblem problem)
    {
        problems.Add(problem);
        return null;
    }
}
