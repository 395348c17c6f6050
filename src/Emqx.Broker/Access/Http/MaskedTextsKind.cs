using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Http;

/// <summary>
/// Texts by name, in the order of their names. Those of some names are secret and read ******, but where a single place stands for them, which is
/// filled in later; ****** given keeps the present text.
/// </summary>
/// <param name="item">What a text may be.</param>
/// <param name="isSecret">Whether the text of a name is secret.</param>
internal abstract class MaskedTextsKind(ValueKind item, Func<string, bool> isSecret) : ValueKind
{
    private const string Mask = "******";

    private readonly MapKind _texts = new(item);

    public override string Name => MapKind.Map;

    public override ValueKind Shape => _texts;

    public override ConfigValue? Check(ConfigValue value, Inspection at) =>
        _texts.Check(value, at) is ConfigObject taken ? new ConfigObject(new(taken.OrderBy(static one => one.Key, StringComparer.Ordinal))) : null;

    public override ValueKind? Part(string name) => _texts.Part(name);

    public override ConfigValue Shown(ConfigValue value) => value is ConfigObject texts
        ? MapKind.Each(texts, (name, text) => isSecret(name) && !IsPlace(text) ? Mask : text)
        : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => value is ConfigObject texts
        ? MapKind.Each(texts, (name, text) => isSecret(name) && text is ConfigText { Text: Mask } && (present as ConfigObject)?[name] is { } old ? old : text)
        : value;

    private static bool IsPlace(ConfigValue text) => text is ConfigText { Text: var place }
        && place.StartsWith("${", StringComparison.Ordinal) && place.IndexOf('}', StringComparison.Ordinal) == place.Length - 1;
}
