using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>What one document may make of its text: so deep, and so much of <c>${…}</c>, whose values may hold each other many times over.</summary>
internal sealed class HoconBudget
{
    /// <summary>Most levels of a tree, the names of dotted paths counted one by one. Whoever walks a tree may do so by recursion.</summary>
    public const int MaximumDepth = 64;

    /// <summary>Most characters that all substitutions of a document come to.</summary>
    private const int MaximumSubstituted = 1024 * 1024;

    /// <summary>What a value weighs beside its text.</summary>
    private const int WeightOfValue = 8;

    private int _left = MaximumSubstituted;

    /// <summary>Refuses what is too deep.</summary>
    public static void CheckDepth(int depth, int line)
    {
        if (depth > MaximumDepth)
            throw new HoconException(line, "parse_error", "nested too deeply");
    }

    /// <summary>Pays for a value that is used once more, at a depth.</summary>
    public void Spend(ConfigValue value, int depth, int line)
    {
        CheckDepth(depth, line);
        Spend(value is ConfigText text ? text.Text.Length : 0, line);
        switch (value)
        {
            case ConfigObject fields:
                foreach (var (name, inner) in fields.Fields)
                {
                    Spend(name.Length, line);
                    Spend(inner, depth + 1, line);
                }

                break;
            case ConfigArray array:
                foreach (var item in array.Items)
                    Spend(item, depth + 1, line);
                break;
        }
    }

    private void Spend(int characters, int line)
    {
        _left -= characters + WeightOfValue;
        if (_left < 0)
            throw new HoconException(line, "resolve_error", "substitutions make too long a text");
    }
}
