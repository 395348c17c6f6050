using System.Collections.ObjectModel;
using System.Globalization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Grants;

/// <summary>Reads what tokens and services say of a client that they let in.</summary>
internal static class GrantReader
{
    /// <summary>Whether it is a superuser: true, a number from 1 on, or their texts. Anything else is none.</summary>
    public static bool IsSuperuser(ConfigValue? value) => value switch
    {
        ConfigBoolean flag => flag.Value,
        ConfigText { Text: "true" } => true,
        ConfigText text => long.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 1,
        ConfigNumber digits => digits.TryGetInteger(out var number) && number >= 1,
        _ => false,
    };

    /// <summary>
    /// Reads attributes of a client: texts by name. Names that EMQX does not take for attributes are left out; null where it is something else, of which EMQX
    /// makes nothing either.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? ReadAttributes(ConfigValue? value)
    {
        if (value is null)
            return ReadOnlyDictionary<string, string>.Empty;
        if (value is not ConfigObject given)
            return null;
        var attributes = new Dictionary<string, string>(given.Count, StringComparer.Ordinal);
        foreach (var (name, one) in given)
        {
            if (!IsName(name))
                continue;
            if (one is not ConfigText text)
                return null;
            attributes[name] = text.Text;
        }

        return attributes;
    }

    /// <summary>The time of Unix seconds; null where it is so late that it is never.</summary>
    public static DateTimeOffset? TimeOf(double seconds) =>
        seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;

    private static bool IsName(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]))
            return false;
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                return false;
        }

        return true;
    }
}
