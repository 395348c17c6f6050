using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Emqx.Broker.Schema.Tree;

/// <summary>Configuration values from and to JSON, without reflection.</summary>
internal static class ConfigJson
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Reads one JSON value; of a repeated name the last counts. Throws <see cref="JsonException"/>.</summary>
    public static ConfigValue Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read())
            throw new JsonException("No JSON value.");
        var value = Read(ref reader);
        if (reader.Read())
            throw new JsonException("More than one JSON value.");
        return value;
    }

    public static ConfigValue Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads the value at which the reader stands; afterwards it stands on the value's last token.</summary>
    public static ConfigValue Read(ref Utf8JsonReader reader) => Read(ref reader, null);

    /// <param name="asWritten">Numbers keep their digits: 1.0 is not 1.</param>
    public static void Write(Utf8JsonWriter writer, ConfigValue value, bool asWritten = false)
    {
        switch (value)
        {
            case ConfigObject fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, field, asWritten);
                }

                writer.WriteEndObject();
                break;
            case ConfigArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                    Write(writer, item, asWritten);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, value, asWritten);
                break;
        }
    }

    public static string ToText(ConfigValue value, bool asWritten = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
            Write(writer, value, asWritten);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteScalar(Utf8JsonWriter writer, ConfigValue value, bool asWritten)
    {
        switch (value)
        {
            case ConfigText text:
                writer.WriteStringValue(text.Text);
                break;
            case ConfigNumber { IsJson: true } number when asWritten:
                writer.WriteRawValue(number.Text, skipInputValidation: true);
                break;
            case ConfigNumber number when number.TryGetInteger(out var integer):
                writer.WriteNumberValue(integer);
                break;
            case ConfigNumber number when number.TryGetNumber(out var real):
                writer.WriteNumberValue(real);
                break;
            case ConfigBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static ConfigValue Read(ref Utf8JsonReader reader, NameCache? names) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, names),
        JsonTokenType.StartArray => ReadArray(ref reader, names ?? new NameCache()),
        JsonTokenType.String => ReadText(ref reader),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => ConfigBoolean.True,
        JsonTokenType.False => ConfigBoolean.False,
        JsonTokenType.Null => ConfigNull.Instance,
        _ => throw new JsonException("Unexpected token."),
    };

    private static ConfigObject ReadObject(ref Utf8JsonReader reader, NameCache? names)
    {
        var fields = new ObjectBuilder();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = ReadName(ref reader, names);
            reader.Read();
            fields.Add(name, Read(ref reader, names));
        }

        return fields.Build();
    }

    private static ConfigArray ReadArray(ref Utf8JsonReader reader, NameCache names)
    {
        var items = new List<ConfigValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader, names));
        return new(items);
    }

    private static string ReadName(ref Utf8JsonReader reader, NameCache? names)
    {
        try
        {
            return names is null ? reader.GetString()! : names.Read(ref reader);
        }
        catch (InvalidOperationException)
        {
            return ConfigText.Broken.Text;
        }
    }

    private static ConfigText ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return new ConfigText(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return ConfigText.Broken;
        }
    }

    private static ConfigNumber ReadNumber(ref Utf8JsonReader reader)
    {
        var digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return Utf8Parser.TryParse(digits, out long value, out var length) && length == digits.Length && (value != 0 || digits.Length == 1)
            ? ConfigNumber.Of(value)
            : new ConfigNumber(Encoding.UTF8.GetString(digits)) { IsJson = true };
    }
}
