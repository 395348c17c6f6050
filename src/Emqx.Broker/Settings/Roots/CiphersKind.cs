using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>Names of cipher suites, as a list or as one text with commas; empty: the usual ones.</summary>
internal sealed class CiphersKind : ValueKind
{
    private readonly ChoiceKind _forms = new(new ArrayKind(Kinds.Text), Kinds.Text);

    public override string Name => _forms.Name;

    public override ValueKind Shape => _forms;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (_forms.Check(value, at) is not { } taken)
            return null;
        var bad = NamesIn(taken).Where(static name => !TlsSuites.IsKnown(name)).ToArray();
        return bad.Length == 0 ? taken : at.Wrong(value, $"{{bad_ciphers,[{string.Join(',', bad.Select(static name => $"\"{name}\""))}]}}");
    }

    public override ValueKind? Part(string name) => _forms.Part(name);

    /// <summary>The names in a value that was taken.</summary>
    public static IReadOnlyList<string> NamesIn(ConfigValue? value) => value switch
    {
        ConfigArray list => [.. list.Items.OfType<ConfigText>().Select(static item => item.Text)],
        ConfigText text => text.Text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
        _ => [],
    };
}
