using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A text; an integer is taken as its digits.</summary>
internal class TextKind : ValueKind
{
    public override string Name => "binary()";

    public override bool Check(JsonElement value, Walk walk)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when IsText(value):
                return CheckText(value, value, walk);
            case JsonValueKind.Number when walk.Converts && !JsonMarshal.GetRawUtf8Value(value).ContainsAny((byte)'.', (byte)'e', (byte)'E'):
                walk.NeedsRewrite = true;
                return CheckText(value, value, walk);
            default:
                return walk.FailExpected(value, Name);
        }
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer) =>
        writer.WriteStringValue(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetString());

    /// <summary>Rules on the text itself.</summary>
    protected virtual bool CheckText(JsonElement value, JsonElement shown, Walk walk) => true;

    /// <summary>Not so: a NUL, or half a surrogate pair.</summary>
    private static bool IsText(JsonElement value)
    {
        if (JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0) return true;
        try
        {
            return !value.GetString()!.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>A name as EMQX wants it for API keys and traces.</summary>
internal sealed class ResourceNameKind : TextKind
{
    private const int Longest = 256;

    /// <summary>Starts with a letter, goes on with letters, digits, - and _.</summary>
    protected override bool CheckText(JsonElement value, JsonElement shown, Walk walk)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (text.Length is 0 or > Longest) return FailText(text, "Name Length must =< 256", walk);
        if (!char.IsAsciiLetter(text[0]) || text.AsSpan().ContainsAnyExcept(Allowed)) return FailText(text, "Name should be ^[A-Za-z]+[A-Za-z0-9-_]*$", walk);
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static bool FailText(string text, string reason, Walk walk) => walk.Fail(writer =>
    {
        writer.WriteString("value"u8, text);
        writer.WriteString("reason"u8, reason);
    });
}

/// <summary>true or false, also as text.</summary>
internal sealed class BooleanKind : ValueKind
{
    public override string Name => "boolean()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return true;
        if (value.ValueKind != JsonValueKind.String || !(value.ValueEquals("true"u8) || value.ValueEquals("false"u8)))
            return walk.Fail(value, "Unable to parse boolean value");
        return walk.NeedsRewrite = true;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer) =>
        writer.WriteBooleanValue(value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true"u8)));
}

/// <summary>A whole number within bounds, also as text.</summary>
/// <param name="expected">EMQX's name of the type, or null where it says "Unable to parse ...".</param>
/// <param name="otherwise">What is said where there is no name.</param>
internal class IntegerKind(long min, long max, string? expected, string otherwise = "Unable to parse integer value") : ValueKind
{
    public long Min => min;
    public long Max => max;
    public override string Name => expected ?? "integer()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (TryRead(value, out var number) && number >= min && number <= max)
        {
            walk.NeedsRewrite |= value.ValueKind == JsonValueKind.String;
            return true;
        }
        return expected is null ? walk.Fail(value, otherwise) : walk.Fail(writer => WriteExpected(writer, value));
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        if (TryRead(value, out var number)) writer.WriteNumberValue(number);
    }

    /// <summary>Reads a whole number that came as a number or a text.</summary>
    public static bool TryRead(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out number),
            JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    private void WriteExpected(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is var text && text is "") writer.WriteStartArray("value"u8);
        else if (value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) writer.WriteNumber("value"u8, number);
        else Walk.WriteValue(writer, value);
        if (value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8)) writer.WriteEndArray();
        writer.WriteStartObject("reason"u8);
        writer.WriteString("expected"u8, expected);
        writer.WriteEndObject();
    }
}

/// <summary>A number, also as text.</summary>
internal sealed class NumberKind : ValueKind
{
    public override string Name => "number()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind == JsonValueKind.Number) return true;
        if (!TryRead(value, out _)) return walk.FailExpected(value, Name);
        return walk.NeedsRewrite = true;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        if (value.ValueKind == JsonValueKind.Number) value.WriteTo(writer);
        else if (TryRead(value, out var number)) writer.WriteNumberValue(number);
    }

    private static bool TryRead(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.String
            && double.TryParse(value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>One of a fixed set of words.</summary>
internal sealed class WordKind(IReadOnlyList<string> words) : ValueKind
{
    public IReadOnlyList<string> Words => words;
    public override string Name => $"enum({string.Join(',', words)})";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var word in words)
            {
                if (value.ValueEquals(word)) return true;
            }
        }
        return walk.Fail(value, "not_a_enum_symbol");
    }
}

/// <summary>Any JSON.</summary>
internal sealed class AnyKind : ValueKind
{
    public override string Name => "any()";
    public override bool Check(JsonElement value, Walk walk) => true;
}
