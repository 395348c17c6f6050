using System.Globalization;
using System.Text;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>Writes configuration values as HOCON, names in alphabetical order, as EMQX shows them.</summary>
internal static class HoconWriter
{
    /// <summary>Writes the fields of the object one after the other, without braces around them.</summary>
    public static string Write(ConfigObject document)
    {
        var built = new StringBuilder(1024);
        WriteFields(built, document, 0);
        return built.ToString();
    }

    private static void WriteFields(StringBuilder built, ConfigObject fields, int indent)
    {
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (value is ConfigNull)
                continue;
            built.Append(' ', indent).Append(IsBare(name) ? name : Quote(name)).Append(value is ConfigObject ? " " : " = ");
            WriteValue(built, value, indent);
            built.Append('\n');
        }
    }

    private static void WriteValue(StringBuilder built, ConfigValue value, int indent)
    {
        switch (value)
        {
            case ConfigObject { Count: 0 }:
                built.Append("{}");
                break;
            case ConfigObject fields:
                built.Append("{\n");
                WriteFields(built, fields, indent + 2);
                built.Append(' ', indent).Append('}');
                break;
            case ConfigArray array:
                WriteArray(built, array, indent);
                break;
            case ConfigText text:
                built.Append(IsBare(text.Text) ? text.Text : Quote(text.Text));
                break;
            case ConfigBoolean boolean:
                built.Append(boolean.Value ? "true" : "false");
                break;
            case ConfigNumber number:
                built.Append(number.Text);
                break;
            default:
                built.Append("null");
                break;
        }
    }

    private static void WriteArray(StringBuilder built, ConfigArray array, int indent)
    {
        if (array.Items.All(item => item is ConfigArray or ConfigNumber or ConfigBoolean || (item is ConfigText text && IsBare(text.Text))))
        {
            built.Append('[');
            for (var i = 0; i < array.Items.Count; i++)
            {
                built.Append(i > 0 ? ", " : "");
                WriteValue(built, array.Items[i], indent);
            }

            built.Append(']');
            return;
        }

        built.Append("[\n");
        for (var i = 0; i < array.Items.Count; i++)
        {
            built.Append(' ', indent + 2);
            WriteValue(built, array.Items[i], indent + 2);
            built.Append(i < array.Items.Count - 1 ? ",\n" : "\n");
        }

        built.Append(' ', indent).Append(']');
    }

    /// <summary>A letter, then letters, digits and underscores; no word that means something else.</summary>
    private static bool IsBare(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]) || text is "true" or "false" or "null" or "include" or "required")
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }

        return true;
    }

    private static string Quote(string text)
    {
        var built = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            built.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return built.Append('"').ToString();
    }
}
