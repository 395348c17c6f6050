using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The file of a private key, or the key itself as PEM, which nobody is shown: it reads ******, and ****** given keeps it.</summary>
internal sealed class KeyFileKind() : TextKind("string()")
{
    private const string Mask = "******";

    public override ConfigValue Shown(ConfigValue value) =>
        value is ConfigText { Text: var text } && text.Contains("-----BEGIN", StringComparison.Ordinal) ? new ConfigText(Mask) : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => value is ConfigText { Text: Mask } && present is not null ? present : value;
}
