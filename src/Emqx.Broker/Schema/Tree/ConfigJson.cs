using System.Buffers;
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
    public static ConfigValue Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => new ConfigNumber(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan)),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => ConfigNull.Instance,
        _ => throw new JsonException("Unexpected token."),
    };

    public static void Write(Utf8JsonWriter writer, ConfigValue value)
    {
        switch (value)
        {
            case ConfigObject fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, field);
                }

                writer.WriteEndObject();
                break;
            case ConfigArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, value);
                break;
        }
    }

    public static string ToText(ConfigValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteScalar(Utf8JsonWriter writer, ConfigValue value)
    {
        switch (value)
        {
            case ConfigText text:
                writer.WriteStringValue(text.Text);
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

    private static ConfigObject ReadObject(ref Utf8JsonReader reader)
    {
        var fields = new OrderedDictionary<string, ConfigValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            fields[name] = Read(ref reader);
        }

        return new(fields);
    }

    private static ConfigArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = new List<ConfigValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader));
        return new(items);
    }
}
